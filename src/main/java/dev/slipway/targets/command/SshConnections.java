package dev.slipway.targets.command;

import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server, made when they are needed and kept while they hold. Each carries a
 * few channels at once, for a server limits them; when all are full, one more is made. Uses the
 * configured key and known_hosts file only: no password, no agent, nothing from {@code ~/.ssh}.
 */
final class SshConnections implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** OpenSSH's own limit is ten, and it may notice the end of a channel later than we do. */
  static final int CHANNELS = 8;

  private final SshConfig config;
  private final Duration silence;
  private final HostKeys hostKeys;
  private final ReentrantLock connecting = new ReentrantLock();
  private final List<Connection> made = new ArrayList<>();
  private @Nullable SshClient client;

  SshConnections(SshConfig config, Duration silence) {
    this.config = config;
    this.silence = silence;
    this.hostKeys = new HostKeys(config);
  }

  /** The server does not let us in, and will not before somebody changes something. */
  static final class TurnedAwayException extends IOException {
    private static final long serialVersionUID = 1;

    TurnedAwayException(String reason, Exception cause) {
      super(reason, cause);
    }
  }

  /** One connection; its counts belong to the lock of {@link #made}. */
  static final class Connection {
    private final ClientSession session;
    private int channels = 1;
    private int most = CHANNELS;

    private Connection(ClientSession session) {
      this.session = session;
    }

    ClientSession session() {
      return session;
    }

    private boolean isUsable() {
      return session.isOpen() && session.isAuthenticated();
    }
  }

  /**
   * A connection with room for a channel, to be given back.
   *
   * @throws TurnedAwayException when the server does not let us in
   * @throws IOException when the server cannot be reached
   */
  Connection take() throws IOException, InterruptedException {
    Optional<Connection> kept = withRoom();
    if (kept.isPresent()) {
      return kept.get();
    }
    if (!connecting.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException(
          "others have waited for a connection for " + PATIENCE.toSeconds() + " s");
    }
    try {
      Optional<Connection> another = withRoom();
      return another.isPresent() ? another.get() : connect();
    } finally {
      connecting.unlock();
    }
  }

  private Optional<Connection> withRoom() {
    synchronized (made) {
      made.removeIf(connection -> !connection.isUsable());
      Optional<Connection> free =
          made.stream().filter(connection -> connection.channels < connection.most).findFirst();
      free.ifPresent(connection -> connection.channels++);
      return free;
    }
  }

  /** Gives back a channel; of connections that nobody uses one is kept. */
  void give(Connection connection) {
    synchronized (made) {
      connection.channels--;
      if (made.stream().filter(one -> one.channels == 0).count() > 1) {
        drop(connection);
      }
    }
  }

  /**
   * Takes note that the server opened no further channel on a connection.
   *
   * @return whether another connection may have room
   */
  boolean isFull(Connection connection) {
    synchronized (made) {
      connection.most = connection.channels - 1;
      return connection.most > 0;
    }
  }

  /** Ends a connection with all channels on it. */
  void drop(Connection connection) {
    synchronized (made) {
      made.remove(connection);
    }
    connection.session.close(true);
  }

  /** How many connections there are. */
  int count() {
    synchronized (made) {
      return made.size();
    }
  }

  private Connection connect() throws IOException, InterruptedException {
    hostKeys.forgetRefusal();
    @Nullable ClientSession session = null;
    try {
      SshClient started = client();
      started.setSignatureFactories(hostKeys.preferring(started.getSignatureFactories()));
      session =
          started
              .connect(config.user(), config.host(), config.port())
              .verify(PATIENCE)
              .getClientSession();
      SshSettings.keys(config.keyFile()).forEach(session::addPublicKeyIdentity);
      session.auth().verify(PATIENCE);
      Connection connection = new Connection(session);
      synchronized (made) {
        made.add(connection);
      }
      return connection;
    } catch (IOException | GeneralSecurityException | UnresolvedAddressException e) {
      if (session != null) {
        session.close(true);
      }
      InterruptedCallException.rethrow(e);
      throw told(e);
    }
  }

  private IOException told(Exception e) {
    String refusal = hostKeys.refusal();
    if (refusal != null) {
      return new TurnedAwayException(address() + ": " + refusal, e);
    }
    String message =
        e instanceof UnresolvedAddressException ? "no such host" : String.valueOf(e.getMessage());
    return message.contains("authentication")
        ? new TurnedAwayException(
            address()
                + " does not let "
                + config.user()
                + " in with the key "
                + config.keyFile()
                + "; add its public half to authorized_keys there",
            e)
        : new IOException("no SSH connection to " + address() + ": " + message, e);
  }

  private synchronized SshClient client() {
    SshClient existing = client;
    if (existing != null) {
      return existing;
    }
    SshClient fresh = SshClient.setUpDefaultClient();
    fresh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    fresh.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    fresh.setAgentFactory(null);
    fresh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    fresh.setServerKeyVerifier(hostKeys);
    CoreModuleProperties.HEARTBEAT_REQUEST.set(fresh, "keepalive@openssh.com");
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(fresh, silence.dividedBy(2));
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(fresh, 2);
    fresh.start();
    client = fresh;
    return fresh;
  }

  String address() {
    return config.host() + ":" + config.port();
  }

  @Override
  public void close() {
    List<Connection> all;
    synchronized (made) {
      all = List.copyOf(made);
    }
    all.forEach(this::drop);
    SshClient stopped;
    synchronized (this) {
      stopped = client;
      client = null;
    }
    if (stopped != null) {
      stopped.stop();
    }
  }
}
