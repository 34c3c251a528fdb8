package dev.slipway.targets.command;

import dev.slipway.FreePort;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.Assumptions;

/** OpenSSH's own server on loopback, as this user, with a home directory of the test's own. */
final class OpenSsh implements AutoCloseable {
  private static final Path SSHD = Path.of("/usr/sbin/sshd");
  // It insists on this folder when it runs as root
  private static final Path EMPTY = Path.of("/run/sshd");

  private final Process process;
  private final Path said;
  private final int port;

  private OpenSsh(Process process, Path said, int port) {
    this.process = process;
    this.said = said;
    this.port = port;
  }

  /**
   * Starts one; where it is not installed the test is skipped, and says so.
   *
   * @param settings further lines of its configuration
   */
  static OpenSsh orSkip(Path folder, KeyPair hostKey, PublicKey user, List<String> settings)
      throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(SSHD), "there is no " + SSHD + "; install openssh-server");
    Path home = Files.createDirectories(folder.resolve("home"));
    Path key = SshdInTest.write(hostKey, folder.resolve("host_key"), "");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Path authorized =
        Files.writeString(folder.resolve("authorized_keys"), PublicKeyEntry.toString(user) + "\n");
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(EMPTY);
    }
    int port = FreePort.choose();
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Port " + port,
                "ListenAddress 127.0.0.1",
                "HostKey " + key,
                "AuthorizedKeysFile " + authorized,
                "StrictModes no",
                "UsePAM no",
                "PidFile none",
                "PermitRootLogin prohibit-password",
                "SetEnv HOME=" + home));
    lines.addAll(settings);
    Path config = Files.write(folder.resolve("sshd_config"), lines, StandardCharsets.UTF_8);
    Path said = folder.resolve("sshd.out");
    Process process =
        new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    OpenSsh server = new OpenSsh(process, said, port);
    server.awaitPort();
    return server;
  }

  private void awaitPort() throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > until) {
          throw new AssertionError("sshd does not listen: " + Files.readString(said), notYet);
        }
        new SystemTime().sleep(Duration.ofMillis(20));
      }
    }
  }

  int port() {
    return port;
  }

  /** How many connections were made and let in. */
  long logins() throws IOException {
    try (Stream<String> lines = Files.lines(said)) {
      return lines.filter(line -> line.startsWith("Accepted publickey")).count();
    }
  }

  /** Writes a known_hosts file that holds this server's key. */
  Path known(Path file, KeyPair hostKey) throws IOException {
    return Files.writeString(
        file, "[127.0.0.1]:" + port + " " + PublicKeyEntry.toString(hostKey.getPublic()) + "\n");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
