package dev.slipway.report;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.FakeResponse.Transmission;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A network to GitHub with the weather that a test makes. */
final class StormyNetwork implements NetworkBehavior {
  /** What happens to a post. */
  enum Weather {
    FINE,
    BAD_GATEWAY,
    ANSWER_LOST,
    POST_LOST,
    RATE_LIMIT,
    SECONDARY_403,
    SECONDARY_429,
    RETRY_AFTER_403,
    RETRY_AFTER_429
  }

  /** A post that arrived, whatever became of it. */
  record Arrival(Instant at, Weather weather) {}

  private final InstantSource clock;
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Instant> tooEarly = new ArrayList<>();
  private Supplier<Weather> weather = () -> Weather.FINE;
  private Instant closedUntil = Instant.EPOCH;

  StormyNetwork(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void weather(Supplier<Weather> next) {
    weather = next;
  }

  synchronized List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** Calls that came before the end of a wait that GitHub had asked for. */
  synchronized List<Instant> tooEarly() {
    return List.copyOf(tooEarly);
  }

  @Override
  public synchronized FakeResponse carry(FakeRequest request, RequestHandler server) {
    Instant now = clock.instant();
    if (now.isBefore(closedUntil)) {
      tooEarly.add(now);
    }
    if (request.method().equals("GET")) {
      return server.handle(request);
    }
    Weather over = weather.get();
    arrivals.add(new Arrival(now, over));
    return switch (over) {
      case FINE -> server.handle(request);
      case ANSWER_LOST -> server.handle(request).with(Transmission.DROPPED);
      case POST_LOST -> FakeResponse.text(500, "").with(Transmission.DROPPED);
      case BAD_GATEWAY -> FakeResponse.html(502, "<html>Unicorn!</html>");
      case RATE_LIMIT ->
          limit(403, 1200, "API rate limit exceeded")
              .with("X-RateLimit-Remaining", "0")
              .with("X-RateLimit-Reset", Long.toString(closedUntil.getEpochSecond()));
      case SECONDARY_403 -> secondaryLimit(403, 60);
      case SECONDARY_429 -> secondaryLimit(429, 60);
      case RETRY_AFTER_403 -> secondaryLimit(403, 90).with("Retry-After", "90");
      case RETRY_AFTER_429 -> secondaryLimit(429, 90).with("Retry-After", "90");
    };
  }

  private FakeResponse secondaryLimit(int status, int seconds) {
    return limit(status, seconds, "You have exceeded a secondary rate limit");
  }

  private FakeResponse limit(int status, int seconds, String message) {
    closedUntil = clock.instant().plusSeconds(seconds);
    return FakeResponse.json(status, JsonBodies.object().put("message", message));
  }
}
