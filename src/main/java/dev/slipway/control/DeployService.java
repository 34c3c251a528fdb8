package dev.slipway.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.github.CreateResult;
import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.github.GithubSettingNames;
import dev.slipway.intake.Intake;
import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.CleanText;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.Digest;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.secret.Redactor;
import dev.slipway.store.AcceptedOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns a caller's wish into a deployment: through GitHub first where that was asked for. */
public final class DeployService {
  /** What is said about an order may be a description of any length. */
  private static final int LONGEST_REASON = 500;

  /** Of the routes that do not take an order so many are named. */
  private static final int ROUTES_NAMED = 3;

  private static final Outcome UNKNOWN =
      new Outcome.Declined(
          409,
          "Unknown outcome",
          "GitHub was asked to create a deployment for this Idempotency-Key before, and what came"
              + " of it is not known here. If it was created, GitHub's event for it runs it: look"
              + " at the repository's deployments before you order it again under a new key");

  private final Intake intake;
  private final GithubHosts githubHosts;
  private final Redactor redactor;
  private final InstantSource clock;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  public DeployService(
      Intake intake, GithubHosts githubHosts, Redactor redactor, InstantSource clock) {
    this.intake = intake;
    this.githubHosts = githubHosts;
    this.redactor = redactor;
    this.clock = clock;
  }

  /**
   * What an order is known by, and who gave it.
   *
   * @param guid the same for the same key
   * @param digest of its body
   * @param hasKey whether the caller may send it again under this name
   * @param act what the audit gets about it
   */
  private record Order(String guid, String digest, boolean hasKey, AuditEntry.Act act) {}

  /** What is to be ordered, as far as that can be told. */
  public sealed interface Resolution {
    /** This order. */
    record Found(DeployRequest request) implements Resolution {}

    /** There is nothing to order. */
    record Nothing(Outcome.Declined outcome) implements Resolution {}
  }

  /** Finds out what is to be ordered where that follows from what is, or was, live. */
  @FunctionalInterface
  public interface Resolver {
    /** Looks now; not asked for an order that was placed already. */
    Resolution resolve();
  }

  /** What came of a wish. */
  public sealed interface Outcome {
    /** It is on disk and will run. */
    record Taken(Decision.OfDeployment decision) implements Outcome {}

    /** It cannot be done, and nothing was started. */
    record Declined(int status, String title, String detail) implements Outcome {}
  }

  /**
   * Places the order: its deployment is on disk when {@link Outcome.Taken} is returned.
   *
   * @param act what the audit gets, once
   * @param digest of the body
   * @param key the caller's name for this order: what comes with it again starts nothing
   */
  public Outcome place(
      DeployRequest request, AuditEntry.Act act, String digest, Optional<String> key)
      throws InterruptedException {
    return place(() -> new Resolution.Found(request), act, digest, key);
  }

  /**
   * Places an order that has to be found out first. What was placed under its key is looked for
   * before that, for what it did has changed what would be found now.
   *
   * @param act what the audit gets, once
   * @param digest of the body
   * @param key the caller's name for this order: what comes with it again starts nothing
   */
  Outcome place(Resolver resolver, AuditEntry.Act act, String digest, Optional<String> key)
      throws InterruptedException {
    if (key.isEmpty()) {
      return place(resolver, new Order(UUID.randomUUID().toString(), digest, false, redacted(act)));
    }
    // The same body asks for something else elsewhere, and no caller may take a key of ChatOps
    // first
    Order order =
        new Order(
            "order-" + digest(act.actor().via().code(), key.get()),
            digest(act.action().code(), digest),
            true,
            redacted(act));
    if (!underWay.add(order.guid())) {
      return new Outcome.Declined(
          409, "Under way", "An order with this Idempotency-Key is being placed; ask again");
    }
    try {
      Optional<AcceptedOrder> earlier = intake.findOrder(order.guid());
      if (earlier.isPresent()) {
        return outcome(earlier.get().again(order.digest()));
      }
      return intake.hasBegunGithubOrder(order.guid()) ? UNKNOWN : place(resolver, order);
    } finally {
      underWay.remove(order.guid());
    }
  }

  private static String digest(String kind, String text) {
    return Digest.of((kind + " " + text).getBytes(UTF_8));
  }

  private Outcome place(Resolver resolver, Order order) throws InterruptedException {
    return switch (resolver.resolve()) {
      case Resolution.Found(DeployRequest request) -> place(request, order);
      case Resolution.Nothing(Outcome.Declined outcome) -> outcome;
    };
  }

  private Outcome place(DeployRequest request, Order order) throws InterruptedException {
    Deployment wanted = wanted(request);
    Optional<Route> route = route(request, wanted);
    if (route.isEmpty()) {
      return new Outcome.Declined(422, "No route", noRoute(request, wanted));
    }
    if (route.get().isChatOps()) {
      return new Outcome.Declined(
          422,
          "A ChatOps task",
          "\"%s\" is asked for by a deployment on GitHub; over the API there are /api/locks, /api/rollback and others, which take the scope control"
              .formatted(wanted.task()));
    }
    if (request.createGithubDeployment()) {
      return create(request, wanted, route.get(), order);
    }
    if (wanted.sha() == null && !wanted.ref().isEmpty()) {
      Optional<Github> github = githubHosts.find(wanted.repository().host());
      Optional<String> commit =
          github.isPresent()
              ? github.get().resolveCommit(wanted.repository(), wanted.ref())
              : Optional.empty();
      return commit.isPresent()
          ? take(pinned(wanted, commit.get()), route.get(), order)
          : new Outcome.Declined(
              422,
              "Unknown commit",
              "GitHub does not tell which commit ref \"%s\" is (%s, or the GitHub App, needs to read the repository); give sha instead"
                  .formatted(
                      wanted.ref(),
                      github.map(Github::settings).orElse(GithubSettingNames.VARIABLES).token()));
    }
    return take(wanted, route.get(), order);
  }

  private Outcome create(DeployRequest request, Deployment wanted, Route route, Order order)
      throws InterruptedException {
    Optional<Github> github =
        githubHosts.find(wanted.repository().host()).filter(Github::hasCredential);
    if (github.isEmpty()) {
      return new Outcome.Declined(
          422,
          "No credential",
          "create_github_deployment needs %s or a GitHub App to be set for %s"
              .formatted(
                  githubHosts
                      .find(wanted.repository().host())
                      .map(Github::settings)
                      .orElse(GithubSettingNames.VARIABLES)
                      .token(),
                  wanted.repository().host()));
    }
    Optional<Route> ofEvent = intake.router().routeOf(wanted);
    if (ofEvent.isEmpty() || !ofEvent.get().equals(route)) {
      return new Outcome.Declined(
          422,
          "Another route",
          "GitHub's event for this deployment would take %s, not \"%s\": leave route out, or change"
                  .formatted(
                      ofEvent.map(other -> "route \"" + other.name() + "\"").orElse("no route"),
                      route.name())
              + " the routes");
    }
    if (order.hasKey() && !intake.beginGithubOrder(order.guid())) {
      return UNKNOWN;
    }
    return switch (github.get().create(wanted, request.requiredContexts())) {
      case CreateResult.Created(Deployment created) -> take(created, route, order);
      case CreateResult.Declined(int status, String reason) -> {
        intake.forgetGithubOrder(order.guid());
        yield new Outcome.Declined(
            status == 409 || status == 202 ? 409 : 422,
            "GitHub declined",
            "GitHub answered " + status + ": " + reason);
      }
      case CreateResult.Failed(String reason) ->
          new Outcome.Declined(
              502,
              "GitHub did not answer",
              reason
                  + ". If the deployment was created all the same, GitHub's event for it will run"
                  + " it");
    };
  }

  private Outcome take(Deployment deployment, Route route, Order order) {
    Delivery delivery =
        new Delivery(
            order.guid(), "deployment", DeliverySource.API, "", order.digest(), clock.instant());
    return outcome(intake.acceptOrder(delivery, deployment, route, order.act()));
  }

  private AuditEntry.Act redacted(AuditEntry.Act act) {
    String actor = redactor.redact(act.actor().name()).text();
    return new AuditEntry.Act(
        new Actor(actor, act.actor().via()),
        act.action(),
        CleanText.cut(redactor.redact(act.reason()).text(), LONGEST_REASON));
  }

  private static Outcome outcome(Decision decision) {
    return switch (decision) {
      case Decision.Invalid(String reason) -> new Outcome.Declined(422, "Another order", reason);
      case Decision.Locked(_, String reason) -> new Outcome.Declined(409, "Locked", reason);
      case Decision.Gated(_, String reason) -> new Outcome.Declined(422, "Refused", reason);
      case Decision.OfDeployment known -> new Outcome.Taken(known);
      case Decision other -> new Outcome.Declined(409, "Not deployed", other.reason());
    };
  }

  private Optional<Route> route(DeployRequest request, Deployment wanted) {
    String name = request.route();
    if (name != null) {
      return routes(wanted).filter(route -> route.name().equals(name)).findFirst();
    }
    return wanted.repository().isNamed()
        ? intake.router().routeOf(wanted)
        : intake.router().routeNamed(Route.DEFAULT).filter(r -> r.objection(wanted).isEmpty());
  }

  /**
   * Those that may be for the repository of an order. The caller may be let to that one alone, so
   * others are neither taken nor named.
   */
  private Stream<Route> routes(Deployment wanted) {
    Repository repository = wanted.repository();
    return intake.router().routes().stream()
        .filter(
            route -> !repository.isNamed() || route.match().takesRepository(repository.fullName()));
  }

  private String noRoute(DeployRequest request, Deployment wanted) {
    String names = routes(wanted).map(Route::name).collect(Collectors.joining(", "));
    String known = names.isEmpty() ? "there is none" : "there are: " + names;
    if (request.route() != null) {
      return "there is no route \"" + request.route() + "\"; " + known;
    }
    if (wanted.repository().isNamed()) {
      return "no route takes it: "
          + routes(wanted)
              .flatMap(route -> route.objection(wanted).stream())
              .limit(ROUTES_NAMED)
              .collect(
                  Collectors.collectingAndThen(
                      Collectors.joining("; "),
                      objections ->
                          objections.isEmpty()
                              ? "there is none for " + wanted.repository().fullName()
                              : objections));
    }
    return intake
        .router()
        .routeNamed(Route.DEFAULT)
        .flatMap(route -> route.objection(wanted))
        .orElse(
            "there is no default route: set a target such as DEPLOY_CMD, or name a route; "
                + known);
  }

  private Deployment wanted(DeployRequest request) {
    Instant now = clock.instant();
    return new Deployment(
        request.repository(),
        null,
        request.sha(),
        request.ref(),
        new Environment(request.environment(), false, request.environment().equals("production")),
        request.task(),
        request.payload(),
        request.description(),
        "API",
        now);
  }

  private static Deployment pinned(Deployment wanted, @Nullable String sha) {
    return new Deployment(
        wanted.repository(),
        wanted.githubId(),
        sha,
        wanted.ref(),
        wanted.environment(),
        wanted.task(),
        wanted.payload(),
        wanted.description(),
        wanted.creator(),
        wanted.createdAt());
  }
}
