package dev.slipway.api;

import dev.slipway.control.DeployService;
import dev.slipway.model.Decision;
import dev.slipway.problem.Problem;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.DeploymentQueries;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Places orders that come over HTTP and answers with what became of them. */
@Singleton
final class OrderEndpoint {
  private static final Pattern WAIT = Pattern.compile("(\\d{1,4})(s|m)?");
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DeploymentQueries deployments;
  private final DeploymentLinks links;
  private final CommitNotifier bell;
  private final InstantSource clock;

  OrderEndpoint(
      DeploymentQueries deployments,
      DeploymentLinks links,
      CommitNotifier bell,
      InstantSource clock) {
    this.deployments = deployments;
    this.links = links;
    this.bell = bell;
    this.clock = clock;
  }

  /** Places the order of a body that was read. */
  @FunctionalInterface
  interface Order {
    /**
     * Places it, or answers what is wrong with the body.
     *
     * @param key the value of {@code Idempotency-Key}
     */
    Answer place(byte[] body, Optional<String> key) throws InterruptedException;
  }

  /** What came of an order. */
  sealed interface Answer {
    /** It was placed or declined. */
    record Placed(DeployService.Outcome outcome) implements Answer {}

    /** Its body is wrong. */
    record Bad(java.util.List<String> errors) implements Answer {}
  }

  /**
   * Reads the request, places its order and answers.
   *
   * @param limit how long the caller waits for the end, such as {@code 60s}
   */
  HttpResponse<?> answer(
      @Nullable InputStream body, @Nullable String limit, @Nullable String key, Order order)
      throws InterruptedException, IOException {
    byte[] bytes = RequestBody.read(body, LARGEST_BODY);
    if (bytes.length > LARGEST_BODY) {
      return Problem.response(413, "Too large", "A body may have 1 MiB");
    }
    Optional<Duration> patience = patience(limit);
    if (patience.isEmpty()) {
      return Problem.response(
          400, "Bad wait", "wait must be seconds or minutes up to 10 m, such as 60s");
    }
    if (key != null && !KEY.matcher(key).matches()) {
      return Problem.response(
          400, "Bad Idempotency-Key", "An Idempotency-Key is 1 to 255 letters, digits and signs");
    }
    return switch (order.place(bytes, Optional.ofNullable(key))) {
      case Answer.Bad(var errors) ->
          Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
      case Answer.Placed(var outcome) -> answer(outcome, patience.get());
    };
  }

  private HttpResponse<?> answer(DeployService.Outcome outcome, Duration patience)
      throws InterruptedException {
    return switch (outcome) {
      case DeployService.Outcome.Declined(int status, String title, String detail) ->
          Problem.response(status, title, detail);
      case DeployService.Outcome.Taken(Decision.OfDeployment decision)
          when deployments.find(decision.deploymentId()).isEmpty() ->
          Problem.response(410, "Gone", "This order's deployment was removed for its age");
      case DeployService.Outcome.Taken(Decision.OfDeployment decision) -> {
        DeploymentQueries.DeploymentDetails dossier = awaitEnd(decision.deploymentId(), patience);
        DeploymentState state = DeploymentState.of(dossier, links, decision.kind().code());
        yield DeploymentState.isEnded(dossier)
            ? HttpResponse.ok(state)
            : HttpResponse.accepted().header(HttpHeaders.LOCATION, state.stateUrl()).body(state);
      }
    };
  }

  private DeploymentQueries.DeploymentDetails awaitEnd(long id, Duration patience)
      throws InterruptedException {
    Instant deadline = clock.instant().plus(patience);
    try (CommitNotifier.Subscription listener = bell.subscribe(CommitNotifier.deployment(id))) {
      while (true) {
        DeploymentQueries.DeploymentDetails dossier = deployments.find(id).orElseThrow();
        Duration left = Duration.between(clock.instant(), deadline);
        if (DeploymentState.isEnded(dossier) || !left.isPositive()) {
          return dossier;
        }
        boolean _ = listener.await(left.compareTo(LOOK) < 0 ? left : LOOK);
      }
    }
  }

  private static Optional<Duration> patience(@Nullable String text) {
    if (text == null) {
      return Optional.of(Duration.ZERO);
    }
    Matcher matcher = WAIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    Duration wait =
        "m".equals(matcher.group(2)) ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
    return Optional.of(wait).filter(d -> d.compareTo(ApiAccess.LONGEST_WAIT) <= 0);
  }
}
