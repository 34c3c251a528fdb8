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
 * Counts what this process refused since it started, and knows who keeps failing. A peer is only
 * told to wait after it has failed once more: behind a proxy, who fails and who does not have one
 * address, and whoever proves who they are is never held up.
 */
public final class Refusals {
  /** So many tries at a secret are answered as such, then the peer is told to wait. */
  public static final int TRIES = 60;

  /** The time in which the tries are counted, and for which to wait. */
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
   * @param peer who was refused, as far as known
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

  /** Whoever has one IPv6 address has a network full of them. */
  private static String network(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), 8))
        : address.getHostAddress();
  }

  /** How often each kind of refusal happened. */
  public synchronized long count(Refusal refusal) {
    return counts.getOrDefault(refusal, 0L);
  }

  /** Tells the log, one line for each kind, of what was refused since the last call. */
  public synchronized void logNew() {
    counts.forEach(
        (refusal, count) -> {
          long since = count - told.getOrDefault(refusal, 0L);
          if (since > 0) {
            LOG.warn(
                "Refused {} since the last minute at the door {}: {}, last from {}",
                since == 1 ? "one request" : since + " requests",
                refusal.door(),
                refusal.cause(),
                lastPeers.getOrDefault(refusal, "an unknown address"));
          }
        });
    told.putAll(counts);
  }
}
