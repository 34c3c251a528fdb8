package dev.slipway.control;

import dev.slipway.control.DeployService.Resolution;
import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import dev.slipway.model.Status;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Releases;
import dev.slipway.store.Releases.Release;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deploys again what is, or was, live: a rollback or a promotion is an order like any other,
 * created on GitHub first, so that everybody sees it.
 */
public final class ReleaseService {
  /** Each rollback leads to an older deployment; only a payload made by hand makes a circle. */
  private static final int MOST_ROLLBACKS = 100;

  private final DeployService orders;
  private final Releases releases;
  private final GithubHosts githubHosts;
  private final Redactor redactor;

  public ReleaseService(
      DeployService orders, Releases releases, GithubHosts githubHosts, Redactor redactor) {
    this.redactor = redactor;
    this.orders = orders;
    this.releases = releases;
    this.githubHosts = githubHosts;
  }

  /**
   * Places the order.
   *
   * @param digest of the request's body
   * @param key the caller's name for this order, as for {@link DeployService#place}
   */
  public DeployService.Outcome place(ReleaseRequest request, String digest, Optional<String> key)
      throws InterruptedException {
    AuditEntry.Action action =
        switch (request) {
          case ReleaseRequest.Rollback _ -> AuditEntry.Action.ROLLBACK;
          case ReleaseRequest.Promotion _ -> AuditEntry.Action.PROMOTE;
        };
    return orders.place(
        () -> resolve(request),
        new AuditEntry.Act(request.actor(), action, request.reason()),
        digest,
        key);
  }

  private Resolution resolve(ReleaseRequest request) {
    return switch (request) {
      case ReleaseRequest.Rollback rollback -> rollBack(rollback);
      case ReleaseRequest.Promotion promotion -> promote(promotion);
    };
  }

  private Resolution rollBack(ReleaseRequest.Rollback request) {
    Optional<Release> live = releases.live(request.repository(), request.environment());
    if (live.isEmpty()) {
      return nothing("Nothing to roll back", neverSucceeded(request, request.environment()));
    }
    Long named = request.to();
    Release present = position(request, live.get());
    // Those of other repositories look like unknown ones
    Optional<Release> target =
        named == null
            ? releases.before(present)
            : releases
                .find(named)
                .filter(found -> isSameRepository(request, found.deployment().deployment()));
    if (target.isEmpty()) {
      return nothing(
          "Nothing to roll back to",
          named == null
              ? "no deployment of %s succeeded before %s with another commit, or it was removed for its age"
                  .formatted(place(request, request.environment()), name(present))
              : "there is no deployment %d that succeeded".formatted(named));
    }
    Deployment repeated = target.get().deployment().deployment();
    if (!isOf(request, repeated)) {
      return nothing(
          "Another environment",
          "deployment %d is of %s in %s"
              .formatted(
                  target.get().deployment().id(),
                  repeated.repository().fullName(),
                  repeated.environment().name()));
    }
    if (repeated.sha() == null) {
      return nothing(
          "No commit", "nobody said which commit %s deployed".formatted(name(target.get())));
    }
    return new Resolution.Found(
        order(
            request,
            repeated,
            RollbackPayload.of(target.get().deployment().id(), repeated),
            "Rollback to " + repeated.shortSha()));
  }

  private Resolution promote(ReleaseRequest.Promotion request) {
    Optional<Release> source = releases.live(request.repository(), request.from());
    if (source.isEmpty()) {
      return nothing("Nothing to promote", neverSucceeded(request, request.from()));
    }
    Deployment live = source.get().deployment().deployment();
    if (live.sha() == null) {
      return nothing(
          "No commit", "nobody said which commit %s deployed".formatted(name(source.get())));
    }
    Optional<Release> there = releases.live(request.repository(), request.environment());
    if (there.isPresent() && live.sha().equals(there.get().deployment().deployment().sha())) {
      return nothing(
          "Already live",
          "%s is live in %s already".formatted(live.shortSha(), request.environment().name()));
    }
    return new Resolution.Found(
        order(
            request,
            live,
            RollbackPayload.plain(live).put("promoted_from", request.from().name()).toString(),
            "Promotion of %s from %s".formatted(live.shortSha(), request.from().name())));
  }

  /** A rollback stands where the deployment stood that it repeats, so the next one goes further. */
  private Release position(ReleaseRequest request, Release live) {
    Release at = live;
    for (int i = 0; i < MOST_ROLLBACKS; i++) {
      OptionalLong repeated = RollbackPayload.target(at.deployment().deployment());
      Optional<Release> before =
          repeated.isPresent() ? releases.find(repeated.getAsLong()) : Optional.empty();
      // Whoever made the deployment may have written any number into its payload
      if (before.isEmpty()
          || !before.get().at().isBefore(at.at())
          || !isOf(request, before.get().deployment().deployment())) {
        return at;
      }
      at = before.get();
    }
    return at;
  }

  private DeployRequest order(
      ReleaseRequest request, Deployment repeated, String payload, String what) {
    Repository repository = repeated.repository();
    boolean create =
        repository.isNamed()
            && githubHosts.find(repository.host()).filter(Github::hasCredential).isPresent();
    String sha = Objects.requireNonNull(repeated.sha());
    return new DeployRequest(
        // The installation may be another one by now, and is looked up
        new Repository(repository.host(), 0, repository.fullName()),
        sha,
        repeated.ref().isEmpty() ? sha : repeated.ref(),
        request.environment().name(),
        repeated.task(),
        payload,
        description(request, what),
        create,
        null,
        // The checks were looked at when the commit was first deployed
        Optional.of(List.of()));
  }

  /** As long as a status may be; what GitHub takes for deployments is not documented. */
  private String description(ReleaseRequest request, String what) {
    String text =
        what
            + " by "
            + request.actor().name()
            + (request.reason().isEmpty() ? "" : ": " + request.reason());
    return Status.shorten(redactor.redact(text).text());
  }

  private static boolean isSameRepository(ReleaseRequest request, Deployment deployment) {
    return deployment.repository().fullName().equalsIgnoreCase(request.repository().fullName())
        && deployment.repository().host().equals(request.repository().host());
  }

  private static boolean isOf(ReleaseRequest request, Deployment deployment) {
    return isSameRepository(request, deployment)
        && deployment.environment().name().equalsIgnoreCase(request.environment().name());
  }

  private static Resolution nothing(String title, String detail) {
    return new Resolution.Nothing(new DeployService.Outcome.Declined(409, title, detail));
  }

  private static String neverSucceeded(ReleaseRequest request, Environment environment) {
    return "no deployment of %s has succeeded here, or it was removed for its age"
        .formatted(place(request, environment));
  }

  private static String place(ReleaseRequest request, Environment environment) {
    return request.repository().isNamed()
        ? request.repository().fullName() + " in " + environment.name()
        : environment.name();
  }

  private static String name(Release release) {
    return "deployment " + release.deployment().id();
  }
}
