package dev.slipway.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small disk of its own below the folder, which is filled to the last byte. Takes root. */
final class SmallDisk implements StateStore {
  private static final String SIZE = "64m";

  private final Path mount;

  /**
   * @param folder the one of the round
   */
  SmallDisk(Path folder) throws IOException, InterruptedException {
    this.mount = folder.resolve("data");
    Files.createDirectories(mount);
    run("mount", "-t", "tmpfs", "-o", "size=" + SIZE + ",mode=0700", "tmpfs", mount.toString());
  }

  static boolean isPossible() {
    return System.getProperty("user.name").equals("root")
        && Files.isExecutable(Path.of("/bin/mount"));
  }

  @Override
  public String name() {
    return "SQLite, disk full";
  }

  @Override
  public String url() {
    return "";
  }

  @Override
  public boolean canFail() {
    return true;
  }

  @Override
  public void fail() throws IOException {
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(mount.resolve("filler"))) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // as it was meant
    }
  }

  @Override
  public void recover() throws IOException {
    boolean _ = Files.deleteIfExists(mount.resolve("filler"));
  }

  private static void run(String... line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).inheritIO().start();
    if (!process.waitFor(50, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("failed: " + String.join(" ", line));
    }
  }

  /** A command of the last run may still be in there, so it is let go when that ends. */
  @Override
  public void close() {
    try {
      run("umount", "--lazy", mount.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
