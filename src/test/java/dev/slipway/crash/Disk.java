package dev.slipway.crash;

import dev.slipway.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 file system on a loop device. The image file holds what the device was given; what the
 * kernel keeps in memory for it is not in there. Needs root.
 */
final class Disk implements AutoCloseable {
  private static final long SIZE = 48L << 20;

  private final Path image;
  private final Path mount;
  private String device;

  private Disk(Path image, Path mount) {
    this.image = image;
    this.mount = mount;
    this.device = mounted();
  }

  private String mounted() {
    command("mount", "-o", "loop,noatime", image.toString(), mount.toString());
    return command("findmnt", "-n", "-o", "SOURCE", mount.toString()).strip();
  }

  /** A new file system in a new image, mounted at a new folder beside it. */
  static Disk make(Path image) {
    try {
      Files.write(image, new byte[0]);
      command("truncate", "-s", String.valueOf(SIZE), image.toString());
      command("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image + "");
      return new Disk(image, Files.createDirectory(Path.of(image + ".mounted")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why there can be no such disk here; empty where there can. */
  static Optional<String> objection() {
    Path folder = null;
    try {
      folder = TestFolders.onDisk("disk");
      try (Disk disk = make(folder.resolve("image"))) {
        Files.createFile(disk.path().resolve("probe"));
      }
      return Optional.empty();
    } catch (IOException | AssertionError e) {
      return Optional.of("no disk can be made here (needs root and loop devices): " + e);
    }
  }

  /** Where its files are. */
  Path path() {
    return mount;
  }

  /**
   * Copies what the device was given so far, and flushes nothing for it. Who writes to it has to be
   * halted: a copy during which the device was written shows no moment, so it is taken again.
   */
  void copy(Path to) throws InterruptedException {
    for (int tries = 0; tries < 100; tries++) {
      String before = activity();
      command("cp", "--sparse=always", image.toString(), to.toString());
      if (activity().equals(before)) {
        return;
      }
      boolean _ = new Semaphore(0).tryAcquire(5, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError(device + " does not come to rest");
  }

  /** How many writes and flushes are done, and how many requests are on their way. */
  private String activity() {
    String name = Path.of(device).getFileName().toString();
    try {
      String[] counts =
          Files.readString(Path.of("/sys/block", name, "stat")).strip().split("\\s+", -1);
      return counts[4] + " " + counts[6] + " " + counts[8];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a machine finds that starts with this image after its power came back. */
  static Disk found(Path image) {
    try {
      return new Disk(image, Files.createDirectory(Path.of(image + ".mounted")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an ext4 does when its device fails: from now on it can only be read. */
  void fail() {
    command("mount", "-o", "remount,abort", mount.toString());
  }

  /** What an operator does then. */
  void repair() {
    unmount();
    device = mounted();
  }

  /** Takes the disk away, once nobody uses it, and removes its image. */
  @Override
  public void close() {
    unmount();
    try {
      Files.delete(mount);
      Files.delete(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void unmount() {
    for (int tries = 0; ; tries++) {
      try {
        command("umount", mount.toString());
        break;
      } catch (AssertionError busy) {
        if (tries == 100) {
          throw busy;
        }
        nap();
      }
    }
  }

  private static void nap() {
    try {
      boolean _ = new Semaphore(0).tryAcquire(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String command(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", List.of(words)) + ": " + said.strip());
      }
      return said;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
