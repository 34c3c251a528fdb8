package dev.slipway.refusal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what this process refused since it started, and finds peers that keep failing. A peer is
 * told to wait only in answer to one more failure: behind a proxy, good and bad senders have one
 * address, and a good request is never refused.
 */
public final class Refusals {
  /** The failures with a secret after which a peer is told to wait. */
  public static final int TRIES = 60;

  /** The time in which failures are counted, and for which to wait. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final int PEERS = 10_000;

  private record Tries(Instant since, int number) {}

  private final InstantSource clock;

  // All guarded by this
  private final Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);
  private final Map<Refusal, Long> told = new EnumMap<>(Refusal.class);
  private final Map<Refusal, String> lastPeers = new EnumMap<>(Refusal.class);
  private final Map<String, Tries> tries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
          return size() > PEERS;
        }
      };

  public Refusals(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Counts a refusal.
   *
   * @param peer the address of the sender, if known
   * @return whether the peer has failed so often that it should be told to wait
   */
  public synchronized boolean count(Refusal refusal, @Nullable InetSocketAddress peer) {
    long _ = counts.merge(refusal, 1L, Long::sum);
    if (peer == null || peer.getAddress() == null) {
      return false;
    }
    String _ = lastPeers.put(refusal, peer.getAddress().getHostAddress());
    return refusal.isSecretGuess() && isTooOften(network(peer.getAddress()));
  }

  private boolean isTooOften(String peer) {
    Instant now = clock.instant();
    Tries known = tries.remove(peer);
    Tries next =
        known == null || !now.isBefore(known.since().plus(WINDOW))
            ? new Tries(now, 1)
            : new Tries(known.since(), known.number() + 1);
    tries.put(peer, next);
    return next.number() > TRIES;
  }

  /** The owner of one IPv6 address has a network full of them. */
  private static String network(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), 8))
        : address.getHostAddress();
  }

  /** The number of refusals of this kind. */
  public synchronized long count(Refusal refusal) {
    return counts.getOrDefault(refusal, 0L);
  }

  /** Logs the number of refusals of each kind since the last call. */
  public synchronized void logNew() {
    counts.forEach(
        (refusal, count) -> {
          long since = count - told.getOrDefault(refusal, 0L);
          if (since > 0) {
            LOG.warn(
                "Refused {} since the last minute at {}: {}, last from {}",
                since == 1 ? "one request" : since + " requests",
                refusal.endpoint(),
                refusal.cause(),
                lastPeers.getOrDefault(refusal, "an unknown address"));
          }
        });
    told.putAll(counts);
  }
}
