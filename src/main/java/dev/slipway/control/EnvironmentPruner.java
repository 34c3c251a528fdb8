package dev.slipway.control;

import dev.slipway.github.PullRequests;
import dev.slipway.intake.DestroyResult;
import dev.slipway.intake.Intake;
import dev.slipway.model.Actor;
import dev.slipway.model.Repository;
import dev.slipway.secret.Redactor;
import dev.slipway.store.ExistingDeployment;
import dev.slipway.store.Page;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.TransientEnvironments;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has transient environments destroyed whose pull request was closed without that we were told.
 * GitHub is asked about each; in doubt an environment stays.
 */
public final class EnvironmentPruner {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentPruner.class);

  /** So many are asked about in one call at the most, and for so long; the next call goes on. */
  private static final int AT_ONCE = 20;

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final TransientEnvironments environments;
  private final Intake intake;
  private final PullRequestOwnership ownership;
  private final Redactor redactor;
  private final InstantSource clock;

  public EnvironmentPruner(
      TransientEnvironments environments,
      Intake intake,
      PullRequests pullRequests,
      Redactor redactor,
      InstantSource clock) {
    this.environments = environments;
    this.intake = intake;
    this.ownership = new PullRequestOwnership(pullRequests);
    this.redactor = redactor;
    this.clock = clock;
  }

  /**
   * The transient environments that may stand, each as the deployment that joined last and its last
   * run, the newest first.
   *
   * @param before only of deployments with a smaller number of ours
   */
  public Page<ExistingDeployment> list(long before, int limit, Predicate<String> repositories) {
    return environments.list(before, limit, inOneOf(repositories));
  }

  private static Predicate<StoredDeployment> inOneOf(Predicate<String> repositories) {
    return stored -> repositories.test(stored.deployment().repository().fullName());
  }

  /**
   * Has those destroyed whose pull request is closed. Looks at a part of them; the result says how
   * to go on.
   */
  public PruneResult prune(PruneRequest request, Actor actor) throws InterruptedException {
    Page<ExistingDeployment> page = list(request.before(), AT_ONCE, request.wanted());
    Instant end = clock.instant().plus(LONGEST);
    List<PruneResult.Row> rows = new ArrayList<>();
    Optional<PullRequestOwnership.Finding> unavailable = Optional.empty();
    for (ExistingDeployment standing : page.rows()) {
      if (!rows.isEmpty() && clock.instant().isAfter(end)) {
        return new PruneResult(rows, OptionalLong.of(rows.getLast().newest().id()));
      }
      Optional<DestroyResult> obstacle = intake.obstacle(standing);
      if (obstacle.isPresent()) {
        rows.add(row(standing, obstacle.get(), ""));
        continue;
      }
      PullRequestOwnership.Finding finding =
          unavailable.isPresent()
              ? unavailable.get()
              : ownership.find(standing.deployment().deployment());
      switch (finding) {
        case PullRequestOwnership.Finding.Closed(String name) -> {
          String cause = name + " was closed";
          rows.add(
              request.dryRun()
                  ? new PruneResult.Row(
                      standing.deployment(), PruneResult.Outcome.WOULD_DESTROY, cause)
                  : destroy(standing, cause, actor, cause));
        }
        case PullRequestOwnership.Finding.NotClosed(String reason) ->
            rows.add(new PruneResult.Row(standing.deployment(), PruneResult.Outcome.STAYS, reason));
        case PullRequestOwnership.Finding.Unavailable(String reason) -> {
          unavailable = Optional.of(finding);
          rows.add(
              new PruneResult.Row(
                  standing.deployment(),
                  PruneResult.Outcome.STAYS,
                  "GitHub cannot be asked: " + reason));
        }
      }
    }
    return new PruneResult(rows, page.next());
  }

  /**
   * One environment that is to be destroyed.
   *
   * @param dryRun only says what would be done
   */
  public record DestroyRequest(
      Repository repository, String environment, String reason, boolean dryRun) {}

  /**
   * Has one environment destroyed, whatever its pull request.
   *
   * @return what became of it; empty when there is no such environment that may stand
   */
  public Optional<PruneResult.Row> destroy(DestroyRequest request, Actor actor) {
    return environments
        .find(request.repository(), request.environment())
        .map(standing -> destroy(standing, request, actor));
  }

  private PruneResult.Row destroy(
      ExistingDeployment standing, DestroyRequest request, Actor actor) {
    String reason = redacted(request.reason());
    String cause = redacted(actor.name()) + " asked for it: " + reason;
    if (!request.dryRun()) {
      return destroy(standing, cause, actor, reason);
    }
    return intake
        .obstacle(standing)
        .map(obstacle -> row(standing, obstacle, ""))
        .orElseGet(
            () ->
                new PruneResult.Row(
                    standing.deployment(), PruneResult.Outcome.WOULD_DESTROY, cause));
  }

  private PruneResult.Row destroy(
      ExistingDeployment standing, String cause, Actor actor, String reason) {
    Actor who = new Actor(redacted(actor.name()), actor.via());
    DestroyResult result = intake.destroy(standing.deployment(), cause, who, reason);
    if (result instanceof DestroyResult.Begun) {
      LOG.info(
          "{} of {} is destroyed for {}: {}",
          standing.deployment().deployment().environment().name(),
          standing.deployment().deployment().repository().fullName(),
          who.name(),
          cause);
    }
    return row(standing, result, cause);
  }

  private static PruneResult.Row row(
      ExistingDeployment standing, DestroyResult result, String cause) {
    return switch (result) {
      case DestroyResult.Begun _ ->
          new PruneResult.Row(standing.deployment(), PruneResult.Outcome.DESTROYING, cause);
      case DestroyResult.Already _ ->
          new PruneResult.Row(
              standing.deployment(), PruneResult.Outcome.ALREADY, "a run destroys it, or has");
      case DestroyResult.Impossible(String reason) ->
          new PruneResult.Row(standing.deployment(), PruneResult.Outcome.STAYS, reason);
    };
  }

  private String redacted(String text) {
    return redactor.redact(text).text();
  }
}
