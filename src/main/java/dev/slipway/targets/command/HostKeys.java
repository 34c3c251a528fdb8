package dev.slipway.targets.command;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.Signature;
import org.jspecify.annotations.Nullable;

/** Accepts exactly the host keys of a known_hosts file, and remembers what it turned down. */
final class HostKeys implements ServerKeyVerifier {
  private final SshConfig config;
  private final ServerKeyVerifier known;
  private volatile @Nullable String refusal;

  HostKeys(SshConfig config) {
    this.config = config;
    this.known =
        new KnownHostsServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE, config.knownHosts());
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
    boolean accepted = known.verifyServerKey(session, remote, key);
    refusal =
        accepted
            ? null
            : "the server's host key %s %s is not the one in %s; if it is the right one, add it there"
                .formatted(KeyUtils.getKeyType(key), KeyUtils.getFingerPrint(key), knownHosts());
    return accepted;
  }

  /** A new connection is about to be made. */
  void forgetRefusal() {
    refusal = null;
  }

  /** Why the last server was turned down; null when it was not. */
  @Nullable String refusal() {
    return refusal;
  }

  private Path knownHosts() {
    return config.knownHosts();
  }

  /**
   * Puts the kinds of key that the file holds for this server first. The server shows one key only,
   * and would show another kind, which looks like a changed key.
   */
  List<NamedFactory<Signature>> preferring(List<NamedFactory<Signature>> all) throws IOException {
    Set<String> kinds =
        KnownHostEntry.readKnownHostEntries(config.knownHosts()).stream()
            .filter(entry -> entry.isHostMatch(config.host(), config.port()))
            .filter(entry -> entry.getKeyEntry() != null)
            .map(entry -> entry.getKeyEntry().getKeyType())
            .collect(Collectors.toSet());
    return all.stream()
        .sorted(
            Comparator.comparing(
                one -> !kinds.contains(KeyUtils.getCanonicalKeyType(one.getName()))))
        .toList();
  }
}
