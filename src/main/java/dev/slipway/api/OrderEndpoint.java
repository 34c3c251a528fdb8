package dev.slipway.api;

import dev.slipway.control.DeployService;
import dev.slipway.model.Caller;
import dev.slipway.model.Decision;
import dev.slipway.problem.Problem;
import dev.slipway.store.ApiTokens;
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
  private final ApiTokens tokens;
  private final InstantSource clock;

  OrderEndpoint(
      DeploymentQueries deployments,
      DeploymentLinks links,
      CommitNotifier bell,
      ApiTokens tokens,
      InstantSource clock) {
    this.deployments = deployments;
    this.links = links;
    this.bell = bell;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Places the order of a body that was read. */
  @FunctionalInterface
  interface Order {
    /**
     * Places it, or answers what is wrong with the body.
     *
     * @param key the value of {@code Idempotency-Key}, behind the name of the caller's token: what
     *     one client calls its order is nothing to another
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
   * Reads the request, places its order and answers. Who waits is told no more when his token is
   * revoked.
   *
   * @param limit how long the caller waits for the end, such as {@code 60s}
   */
  HttpResponse<?> answer(
      Caller caller,
      @Nullable InputStream body,
      @Nullable String limit,
      @Nullable String key,
      Order order)
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
    Optional<String> name = Optional.ofNullable(key).map(text -> caller.name() + " " + text);
    return switch (order.place(bytes, name)) {
      case Answer.Bad(var errors) ->
          Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
      case Answer.Placed(var outcome) -> answer(caller, outcome, patience.get());
    };
  }

  private HttpResponse<?> answer(Caller caller, DeployService.Outcome outcome, Duration patience)
      throws InterruptedException {
    return switch (outcome) {
      case DeployService.Outcome.Declined(int status, String title, String detail) ->
          Problem.response(status, title, detail);
      case DeployService.Outcome.Taken(Decision.OfDeployment decision) ->
          answerAtEnd(caller, decision, clock.instant().plus(patience));
    };
  }

  private HttpResponse<?> answerAtEnd(
      Caller caller, Decision.OfDeployment decision, Instant deadline) throws InterruptedException {
    long id = decision.deploymentId();
    try (CommitNotifier.Subscription listener = bell.subscribe(CommitNotifier.deployment(id))) {
      while (true) {
        Optional<DeploymentQueries.DeploymentDetails> found = deployments.find(id);
        if (found.isEmpty()) {
          return Problem.response(410, "Gone", "This order's deployment was removed for its age");
        }
        Duration left = Duration.between(clock.instant(), deadline);
        if (DeploymentState.isEnded(found.get()) || !left.isPositive()) {
          return state(found.get(), decision);
        }
        boolean _ = listener.await(left.compareTo(LOOK) < 0 ? left : LOOK);
        if (!isLetIn(caller)) {
          return Problem.response(
              401,
              "Unauthorized",
              "Token %s was revoked while it waited; deployment %d goes on"
                  .formatted(caller.name(), id));
        }
      }
    }
  }

  private boolean isLetIn(Caller caller) {
    return caller.equals(ApiAccess.CONFIGURED) || tokens.works(caller.name());
  }

  private HttpResponse<?> state(
      DeploymentQueries.DeploymentDetails details, Decision.OfDeployment decision) {
    DeploymentState state = DeploymentState.of(details, links, decision.kind().code());
    return DeploymentState.isEnded(details)
        ? HttpResponse.ok(state)
        : HttpResponse.accepted().header(HttpHeaders.LOCATION, state.stateUrl()).body(state);
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
