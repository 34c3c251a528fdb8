package dev.slipway.reconcile;

import dev.slipway.github.Sight;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.Repository;
import dev.slipway.store.Watch;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds deployments that nobody told us of, in GitHub's list of a repository's deployments. */
final class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ACTIONS = "github-actions";

  private final Budget budget;
  private final Intake intake;
  private final Watch watch;
  private final Terms terms;
  private final InstantSource clock;

  Deployments(Budget budget, Intake intake, Watch watch, Terms terms, InstantSource clock) {
    this.budget = budget;
    this.intake = intake;
    this.watch = watch;
    this.terms = terms;
    this.clock = clock;
  }

  /** What is kept of one look. */
  private static final class Survey {
    private final Instant lastDelivery;
    private boolean isSettled = true;
    private boolean isRefused;
    private int unheard;
    private Instant newestUnheard = Instant.EPOCH;

    Survey(Instant lastDelivery) {
      this.lastDelivery = lastDelivery;
    }

    void unheard(Instant madeAt) {
      if (madeAt.isAfter(lastDelivery)) {
        unheard++;
        newestUnheard = madeAt.isAfter(newestUnheard) ? madeAt : newestUnheard;
      }
    }
  }

  /**
   * Looks once.
   *
   * @return whether GitHub can be asked for more
   */
  boolean look(Watch.Watched watched) throws InterruptedException {
    Repository repository = watched.repository();
    Sight sight =
        budget.read(repository, "deployments?per_page=30", Optional.ofNullable(watched.etag()));
    switch (sight) {
      case Sight.Unchanged() -> watch.unchanged(repository, clock.instant());
      case Sight.Hidden(int status) -> {
        LOG.info("GitHub answers {} for the deployments of {}", status, repository.fullName());
        Instant now = clock.instant();
        watch.hidden(repository, now.plus(Reconcile.REST), now);
      }
      case Sight.Later(String reason) -> {
        LOG.debug("Looking for missed deployments stops here: {}", reason);
        return false;
      }
      case Sight.Page page -> {
        return survey(watched, page);
      }
    }
    return true;
  }

  private boolean survey(Watch.Watched watched, Sight.Page first) throws InterruptedException {
    Instant oldest = clock.instant().minus(terms.maxAge());
    Pages.Items items = Pages.from(budget, first, "created_at", oldest);
    Survey survey = new Survey(watch.lastDelivery().orElse(Instant.EPOCH));
    survey.isSettled = items.isWhole();
    // The newest comes first, so that older ones of its environment are stale beside it
    for (JsonNode item : items.all()) {
      if (!survey.isRefused) {
        consider(watched, item, survey);
      }
    }
    watch.asked(
        watched.repository(),
        survey.isSettled && !survey.isRefused ? first.etag().orElse(null) : null,
        survey.unheard,
        survey.newestUnheard,
        clock.instant());
    return items.isWhole() && !survey.isRefused;
  }

  private void consider(Watch.Watched watched, JsonNode item, Survey survey)
      throws InterruptedException {
    long id = item.path("id").asLong(0);
    Found found =
        new Found("reconcile-" + id, "reconcile", event(watched.repository(), item).toString());
    Instant now = clock.instant();
    Optional<Deployment> wanted = intake.candidate(found.bytes(), now);
    if (wanted.isEmpty()) {
      return;
    }
    Instant madeAt = wanted.get().createdAt();
    if (!terms.isDue(madeAt, now) || !Terms.isOurs(madeAt, watched)) {
      survey.isSettled &= madeAt.isBefore(now.minus(terms.grace()));
      return;
    }
    switch (watch.trace(watched.repository().host(), id, found.guid())) {
      case TOLD -> {}
      case FOUND -> survey.unheard(madeAt);
      case NONE -> {
        survey.unheard(madeAt);
        decide(watched.repository(), id, found, survey);
      }
    }
  }

  /** A status says that somebody takes care of the deployment; without one, nobody does. */
  private void decide(Repository repository, long id, Found found, Survey survey)
      throws InterruptedException {
    Sight sight =
        budget.read(repository, "deployments/" + id + "/statuses?per_page=30", Optional.empty());
    switch (sight) {
      case Sight.Page(JsonNode statuses, _, _) when statuses.isArray() && statuses.isEmpty() -> {
        Decision decision = intake.recover(found.delivery(clock.instant()), found.bytes());
        LOG.info(
            "GitHub has deployment {} of {}, which was not delivered: {}, {}",
            id,
            repository.fullName(),
            decision.code(),
            decision.reason());
      }
      case Sight.Page(JsonNode statuses, _, _) when statuses.isArray() -> {
        Decision decision = intake.leave(found.delivery(clock.instant()), whose(statuses));
        LOG.info("Deployment {} is left alone: {}", id, decision.reason());
      }
      case Sight.Page _, Sight.Unchanged _ -> survey.isSettled = false;
      case Sight.Hidden _ -> LOG.debug("Deployment {} is gone", id);
      case Sight.Later _ -> survey.isRefused = true;
    }
  }

  private String whose(JsonNode statuses) {
    String base = terms.publicBase().get() + "/";
    boolean isOurs =
        StreamSupport.stream(statuses.spliterator(), false)
            .anyMatch(status -> status.path("log_url").asString("").startsWith(base));
    return isOurs
        ? "it has a status of this Slipway, whose database does not know it"
        : "somebody else has posted a status for it";
  }

  /** The event that GitHub would have sent, as far as its list tells. */
  private static ObjectNode event(Repository repository, JsonNode deployment) {
    ObjectNode event = JSON.createObjectNode();
    event.put("action", "created");
    event.set("deployment", deployment);
    if (deployment.path("performed_via_github_app").path("slug").asString("").equals(ACTIONS)) {
      // The list does not say whether a job's "environment:" made it; then it is not for us
      event.putObject("workflow_run");
    }
    ObjectNode told = event.putObject("repository").put("full_name", repository.fullName());
    if (repository.id() > 0) {
      told.put("id", repository.id());
    }
    return event;
  }
}
