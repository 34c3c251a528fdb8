package dev.slipway.targets.command;

import dev.slipway.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.InvertedShellWrapper;
import org.apache.sshd.server.shell.ProcessShell;

/** A real SSH server on loopback whose home directory is a test's own. */
public final class SshdInTest implements AutoCloseable {
  /** What was asked to be executed. */
  public final List<String> executed = new CopyOnWriteArrayList<>();

  private final Path home;
  private final List<KeyPair> hostKeys;
  private final PublicKey user;
  private final AtomicReference<String> prelude = new AtomicReference<>("");
  private SshServer server;
  private final int port = FreePort.choose();

  /** Starts one that lets this user in. */
  public SshdInTest(Path home, List<KeyPair> hostKeys, PublicKey user) throws IOException {
    this.home = home;
    this.hostKeys = hostKeys;
    this.user = user;
    this.server = up();
  }

  /** A new key. */
  public static KeyPair ed25519() throws GeneralSecurityException {
    return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
  }

  /** A new key, made by the JDK: the provider that MINA prefers takes many times as long. */
  static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** Writes a private key the way ssh-keygen does. */
  public static Path write(KeyPair key, Path file, String passphrase)
      throws IOException, GeneralSecurityException {
    OpenSSHKeyEncryptionContext context = new OpenSSHKeyEncryptionContext();
    context.setPassword(passphrase.isEmpty() ? null : passphrase);
    context.setCipherType("256");
    try (OutputStream out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
          key, "test", passphrase.isEmpty() ? null : context, out);
    }
    return file;
  }

  /** Writes a known_hosts file with these keys for this server. */
  public Path known(Path file, KeyPair... keys) throws IOException {
    return known(file, port, keys);
  }

  static Path known(Path file, int port, KeyPair... keys) throws IOException {
    List<String> lines =
        Arrays.stream(keys)
            .map(key -> "[localhost]:" + port + " " + PublicKeyEntry.toString(key.getPublic()))
            .toList();
    return Files.write(file, lines, StandardCharsets.UTF_8);
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** What the login shell does before anything else, such as greeting everybody. */
  void prelude(String script) {
    prelude.set(script);
  }

  /** Lets everybody in, and lets nobody do anything. */
  void open_no_channels() {
    server.setChannelFactories(List.of());
  }

  private SshServer up() throws IOException {
    SshServer up = SshServer.setUpDefaultServer();
    up.setHost("localhost");
    up.setPort(port);
    up.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
    up.setPublickeyAuthenticator((_, key, _) -> KeyUtils.compareKeys(key, user));
    up.setCommandFactory(
        (channel, command) -> {
          executed.add(command);
          return new InvertedShellWrapper(
              new LoginShell("export HOME='" + home + "'; cd; " + prelude.get() + "\n" + command));
        });
    up.start();
    return up;
  }

  /** Dies with every connection. */
  void die() throws IOException {
    server.stop(true);
  }

  /** Comes back at the same address. */
  void rise() throws IOException {
    server = up();
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  /**
   * MINA ends a command whose input nobody reads any more and loses its last words; OpenSSH throws
   * such input away and goes on.
   */
  private static final class LoginShell extends ProcessShell {
    LoginShell(String command) {
      super("/bin/sh", "-c", command);
    }

    @Override
    public OutputStream getInputStream() {
      OutputStream stdin = super.getInputStream();
      return new OutputStream() {
        @Override
        public void write(int b) {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          try {
            stdin.write(bytes, offset, length);
            stdin.flush();
          } catch (IOException unread) {
            // The command has closed its input or ended
          }
        }

        @Override
        public void close() {
          try {
            stdin.close();
          } catch (IOException unread) {
            // The command has closed its input or ended
          }
        }
      };
    }
  }
}
