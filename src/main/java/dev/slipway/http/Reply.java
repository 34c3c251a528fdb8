package dev.slipway.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The result of a {@link Call}. A reason is one line and may quote what the other side sent: who
 * shows it takes secrets out, and cuts it after that.
 */
public sealed interface Reply {
  /**
   * The request was surely not sent, so nobody acted on it.
   *
   * @param mayPass whether waiting may help: no connection, no such host, no file or port left. Not
   *     so when TLS was refused, or when the request itself cannot be sent
   */
  record NotSent(String reason, boolean mayPass) implements Reply {}

  /** The request may have been acted on, but no complete answer came. */
  record Unanswered(String reason) implements Reply {
    private static final String TOO_LARGE = "the answer is larger than what is read";

    /** An answer of which only the size is known. */
    public static Unanswered tooLarge() {
      return new Unanswered(TOO_LARGE);
    }

    /** Whether an answer came that is larger than what is read. */
    public boolean isTooLarge() {
      return reason.equals(TOO_LARGE);
    }
  }

  /**
   * A complete answer.
   *
   * @param headers by name without regard to case; the first value of each
   */
  record Answered(int status, Map<String, String> headers, String body) implements Reply {
    public Answered {
      Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      sorted.putAll(headers);
      headers = sorted;
    }

    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    /** Whether the same request may be answered later: this is about the moment, not about it. */
    public boolean mayPass() {
      return switch (status) {
        case 408, 421, 425, 429 -> true;
        default -> status >= 500;
      };
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** The body as JSON; a missing node when it is empty or no JSON, which providers do send. */
    public JsonNode json() {
      return JsonCodec.lenient(body);
    }

    /** The time of the other side's clock when it answered, in whole seconds. */
    public Optional<Instant> date() {
      return header("Date").flatMap(HttpDate::parse);
    }

    /**
     * {@code Retry-After}, in seconds or as a date, counted from {@code now}; empty if it is absent
     * or malformed.
     */
    public Optional<Duration> retryAfter(Instant now) {
      return header("Retry-After")
          .flatMap(
              value ->
                  value.strip().matches("\\d{1,9}")
                      ? Optional.of(Duration.ofSeconds(Long.parseLong(value.strip())))
                      : HttpDate.parse(value).map(date -> Duration.between(now, date)))
          .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    @Override
    public String toString() {
      return "Answered[" + status + ", " + body.length() + " characters]";
    }
  }
}
