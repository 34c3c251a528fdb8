package dev.slipway.crash;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.FakeResponse.Transmission;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Chooses what goes wrong with a call, and counts it. */
final class Faults {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final String PAGE = "<!DOCTYPE html><title>Bad gateway</title>";

  private final double share;
  private final Random random;
  private final Map<Party, Integer> counts = new EnumMap<>(Party.class);
  private final AtomicLong doubtful = new AtomicLong();

  /** The provider that is called. */
  enum Party {
    GITHUB,
    RENDER,
    QOVERY;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What can go wrong with one call. */
  private enum Kind {
    NONE,
    /** Answered 500 or 504, every second time after the effect. */
    ANSWER_500,
    ANSWER_504,
    /** A page of a proxy instead of an answer, every second time after the effect. */
    HTML,
    /** Too many requests, in the words of the provider. */
    LIMITED,
    CUT_BEFORE,
    CUT_AFTER,
    /** Half of the answer, after the effect. */
    HALF
  }

  /**
   * @param share how much of all calls goes wrong, from 0 to 1
   */
  Faults(double share, long seed) {
    this.share = share;
    this.random = new Random(seed);
  }

  /**
   * The networks to the providers, on which this share of the calls goes wrong.
   *
   * @param toGithub carries GitHub's other calls
   */
  OutsideServers.Networks networks(NetworkBehavior toGithub) {
    return new OutsideServers.Networks(
        between(Party.GITHUB, toGithub),
        between(Party.RENDER, NetworkBehavior.RELIABLE),
        between(Party.QOVERY, NetworkBehavior.RELIABLE));
  }

  private NetworkBehavior between(Party party, NetworkBehavior otherwise) {
    return (request, server) ->
        switch (next(party)) {
          case NONE -> otherwise.carry(request, server);
          case ANSWER_500 -> perhapsActed(request, server, message(500, "Something went wrong"));
          case ANSWER_504 -> perhapsActed(request, server, message(504, "Something went wrong"));
          case HTML -> perhapsActed(request, server, FakeResponse.html(502, PAGE));
          case LIMITED -> limited(party).with("Retry-After", "1");
          case CUT_BEFORE -> message(500, "Never sent").with(Transmission.DROPPED);
          case CUT_AFTER -> server.handle(request).with(Transmission.DROPPED);
          case HALF -> server.handle(request).with(Transmission.TRUNCATED);
        };
  }

  private synchronized Kind next(Party party) {
    if (random.nextDouble() >= share) {
      return Kind.NONE;
    }
    counts.merge(party, 1, Integer::sum);
    return KINDS.get(1 + random.nextInt(KINDS.size() - 1));
  }

  private static FakeResponse message(int status, String text) {
    return FakeResponse.json(status, JsonBodies.object().put("message", text));
  }

  private static FakeResponse limited(Party party) {
    return party == Party.GITHUB
        ? message(403, "You have exceeded a secondary rate limit.")
        : message(429, "Too many requests");
  }

  /** Every second one comes after the effect, which is the worse half. */
  private FakeResponse perhapsActed(
      FakeRequest request, RequestHandler server, FakeResponse response) {
    if (doubtful.incrementAndGet() % 2 == 0) {
      FakeResponse _ = server.handle(request);
    }
    return response;
  }

  /** How many calls to one of them went wrong. */
  synchronized int of(Party party) {
    return counts.getOrDefault(party, 0);
  }
}
