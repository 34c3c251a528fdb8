package dev.slipway.target.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the server, made when it is needed and kept while it holds. Uses the configured
 * key and known_hosts file only: no password, no agent, nothing from {@code ~/.ssh}.
 */
final class SshLink implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int LARGEST_TELLING = 128 * 1024;

  private final SshConfig config;
  private final Duration silence;
  private final HostKeys hostKeys;
  private final String nonce = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private @Nullable SshClient client;
  private @Nullable ClientSession session;

  /**
   * @param silence after how long without any sign of life a connection counts as lost
   */
  SshLink(SshConfig config, Duration silence) {
    this.config = config;
    this.silence = silence;
    this.hostKeys = new HostKeys(config);
  }

  /** What came of a script. */
  sealed interface Ran {
    /** It ran to its end. */
    record Done(Told told) implements Ran {}

    /** It did not, as far as we know. */
    sealed interface Broken extends Ran {
      String reason();
    }

    /** The server was not reached, or does not let us in: surely nothing ran. */
    record NotReached(String reason) implements Broken {}

    /** The connection broke while it ran. */
    record Lost(Told told, String reason) implements Broken {}
  }

  /** Writes what a script reads. */
  interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Takes what a script writes to stdout. */
  interface Output {
    void take(byte[] bytes);
  }

  /** Runs one of {@link Scripts}; its first argument is the nonce. */
  Ran run(String script, List<String> arguments, Input input, Output output)
      throws InterruptedException {
    ClientSession connected;
    try {
      connected = session();
    } catch (IOException | GeneralSecurityException | UnresolvedAddressException e) {
      throwIfInterrupted(e);
      return new Ran.NotReached(notReached(e));
    }
    Telling told = new Telling();
    Passage stdout = new Passage(silence);
    try (ChannelExec channel =
        connected.createExecChannel(Scripts.line(script, nonce, arguments))) {
      channel.setErr(told);
      channel.setOut(stdout);
      channel.addCloseFutureListener(_ -> stdout.end());
      channel.open().verify(PATIENCE);
      try (OutputStream stdin = channel.getInvertedIn()) {
        input.writeTo(stdin);
      }
      for (var piece = stdout.next(); piece.isPresent(); piece = stdout.next()) {
        output.take(piece.get());
      }
      if (channel.getExitStatus() == null && channel.getExitSignal() == null) {
        throw new IOException("closed without an exit status");
      }
      return new Ran.Done(told.by(nonce));
    } catch (IOException e) {
      throwIfInterrupted(e);
      if (e.getCause() instanceof SshChannelOpenException full) {
        // Other commands use the same connection, and it is sound
        return new Ran.NotReached(address() + " opens no further channel: " + full.getMessage());
      }
      drop();
      return new Ran.Lost(
          told.by(nonce), "connection to " + address() + " lost: " + e.getMessage());
    }
  }

  private synchronized ClientSession session() throws IOException, GeneralSecurityException {
    ClientSession kept = session;
    if (kept != null && kept.isOpen() && kept.isAuthenticated()) {
      return kept;
    }
    drop();
    SshClient started = client();
    started.setSignatureFactories(hostKeys.preferring(started.getSignatureFactories()));
    ClientSession made =
        started
            .connect(config.user(), config.host(), config.port())
            .verify(PATIENCE)
            .getClientSession();
    session = made;
    try {
      SshSettings.keys(config.keyFile()).forEach(made::addPublicKeyIdentity);
      made.auth().verify(PATIENCE);
      return made;
    } catch (IOException | GeneralSecurityException e) {
      drop();
      throw e;
    }
  }

  private SshClient client() {
    SshClient existing = client;
    if (existing != null) {
      return existing;
    }
    SshClient made = SshClient.setUpDefaultClient();
    made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    made.setAgentFactory(null);
    made.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    made.setServerKeyVerifier(hostKeys);
    CoreModuleProperties.HEARTBEAT_REQUEST.set(made, "keepalive@openssh.com");
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, silence.dividedBy(2));
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, 2);
    made.start();
    client = made;
    return made;
  }

  private String notReached(Exception e) {
    String refusal = hostKeys.refusal();
    if (refusal != null) {
      return address() + ": " + refusal;
    }
    String message =
        e instanceof UnresolvedAddressException ? "no such host" : String.valueOf(e.getMessage());
    return message.contains("authentication")
        ? address()
            + " does not let "
            + config.user()
            + " in with the key "
            + config.keyFile()
            + "; add its public half to authorized_keys there"
        : "no SSH connection to " + address() + ": " + message;
  }

  private String address() {
    return config.host() + ":" + config.port();
  }

  /** The library tells an interruption as an I/O error; a time-out of a socket looks the same. */
  private static void throwIfInterrupted(Exception e) throws InterruptedException {
    if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
      boolean _ = Thread.interrupted();
      InterruptedException interruption = new InterruptedException();
      interruption.initCause(e);
      throw interruption;
    }
  }

  private synchronized void drop() {
    ClientSession dropped = session;
    session = null;
    if (dropped != null) {
      dropped.close(true);
    }
  }

  @Override
  public synchronized void close() {
    drop();
    SshClient stopped = client;
    client = null;
    if (stopped != null) {
      stopped.stop();
    }
  }

  /** What a script tells; more than it ever should tell is thrown away. */
  private static final class Telling extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.min(length, LARGEST_TELLING - kept.size()));
    }

    synchronized Told by(String nonce) {
      return Told.of(kept.toString(StandardCharsets.UTF_8), nonce);
    }
  }
}
