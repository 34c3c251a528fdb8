package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.intake.Intake;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.Repository;
import dev.slipway.store.ReconcileState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Finds deployments that were never delivered, in GitHub's list of a repository's deployments. */
final class UndeliveredDeployments {
  private static final Logger LOG = LoggerFactory.getLogger(UndeliveredDeployments.class);
  private static final Duration HIDDEN_PAUSE = Duration.ofHours(1);
  private static final String ACTIONS = "github-actions";

  private final ReadBudget budget;
  private final Intake intake;
  private final ReconcileState state;
  private final RecoveryDecider decider;

  /** The next pages of lists that are too long for one check; a restart begins again. */
  private final Map<String, URI> nextPages = new ConcurrentHashMap<>();

  UndeliveredDeployments(
      ReadBudget budget, Intake intake, ReconcileState state, RecoveryDecider decider) {
    this.budget = budget;
    this.intake = intake;
    this.state = state;
    this.decider = decider;
  }

  /** The findings of one check. */
  private static final class Findings {
    private final Instant lastDelivery;
    private boolean isSettled = true;
    private boolean isUnavailable;
    private int missed;
    private Instant newestMissed = Instant.EPOCH;

    Findings(Instant lastDelivery) {
      this.lastDelivery = lastDelivery;
    }

    void missed(Instant madeAt) {
      if (madeAt.isAfter(lastDelivery)) {
        missed++;
        newestMissed = madeAt.isAfter(newestMissed) ? madeAt : newestMissed;
      }
    }
  }

  /**
   * Checks a repository once.
   *
   * @return whether GitHub can be asked for more
   */
  boolean check(ReconcileState.WatchedRepository watched) throws InterruptedException {
    Repository repository = watched.repository();
    ReadResult result =
        budget.read(repository, "deployments?per_page=100", Optional.ofNullable(watched.etag()));
    return switch (result) {
      case ReadResult.Unchanged() -> {
        state.recordUnchanged(repository, decider.now());
        yield true;
      }
      case ReadResult.Hidden(int status) -> {
        LOG.info("GitHub answers {} for the deployments of {}", status, repository.fullName());
        Instant now = decider.now();
        state.recordHidden(repository, now.plus(HIDDEN_PAUSE), now);
        yield true;
      }
      case ReadResult.RetryLater(String reason, boolean everything) -> {
        failed(repository, reason, everything);
        yield !everything;
      }
      case ReadResult.TooLarge() -> {
        failed(repository, "the list is too large to be read", false);
        yield true;
      }
      case ReadResult.Page page -> recoverAll(watched, page);
    };
  }

  /** A repository that alone fails must not be the first to be asked each time. */
  private void failed(Repository repository, String reason, boolean everything) {
    if (everything) {
      LOG.debug("The check for missed deployments stops here: {}", reason);
    } else {
      LOG.info("The deployments of {} cannot be read: {}", repository.fullName(), reason);
      state.recordUnchanged(repository, decider.now());
    }
  }

  private boolean recoverAll(ReconcileState.WatchedRepository watched, ReadResult.Page first)
      throws InterruptedException {
    Instant oldest = decider.now().minus(decider.policy().maxAge());
    PagedList.Items items = items(watched.repository(), first, oldest);
    Findings survey =
        new Findings(state.lastDelivery(watched.repository().host()).orElse(Instant.EPOCH));
    survey.isSettled = items.isComplete();
    // The newest comes first, so that older ones of its environment are stale beside it
    for (JsonNode item : items.all()) {
      if (!survey.isUnavailable) {
        recover(watched, item, survey);
      }
    }
    state.recordList(
        watched.repository(),
        survey.isSettled && !survey.isUnavailable ? first.etag().orElse(null) : null,
        survey.missed,
        survey.newestMissed,
        decider.now());
    return !items.isUnavailable() && !survey.isUnavailable;
  }

  /**
   * A list that is longer than what is read at once is continued in the next rounds, each after its
   * first page, and is never taken for complete.
   */
  private PagedList.Items items(Repository repository, ReadResult.Page first, Instant oldest)
      throws InterruptedException {
    PagedList.PageReader pages = next -> budget.read(repository, next);
    URI rest = nextPages.remove(repository.fullName());
    if (rest == null) {
      PagedList.Items items = PagedList.readBackTo(pages, first, "created_at", oldest);
      items.next().ifPresent(more -> nextPages.put(repository.fullName(), more));
      return items;
    }
    List<JsonNode> all = new ArrayList<>();
    first.json().forEach(all::add);
    ReadResult more = pages.read(rest);
    if (!(more instanceof ReadResult.Page page)) {
      nextPages.put(repository.fullName(), rest);
      return new PagedList.Items(all, false, Optional.empty(), PagedList.isUnavailable(more));
    }
    PagedList.Items items = PagedList.readBackTo(pages, page, "created_at", oldest);
    items.next().ifPresent(further -> nextPages.put(repository.fullName(), further));
    all.addAll(items.all());
    return new PagedList.Items(all, false, Optional.empty(), items.isUnavailable());
  }

  private void recover(ReconcileState.WatchedRepository watched, JsonNode item, Findings survey)
      throws InterruptedException {
    long id = item.path("id").asLong(0);
    RecoveredEvent found =
        new RecoveredEvent(
            watched.repository().host(),
            RecoveredEvent.guid(watched.repository().host(), id),
            DeliverySource.RECONCILE,
            "",
            event(watched.repository(), item).toString());
    Instant now = decider.now();
    Optional<Deployment> wanted = intake.candidate(found.host(), found.bytes(), now);
    if (wanted.isEmpty()) {
      return;
    }
    Instant madeAt = wanted.get().createdAt();
    if (!decider.policy().isDue(madeAt, now) || !ReconcilePolicy.isOurs(madeAt, watched.since())) {
      survey.isSettled &= madeAt.isBefore(now.minus(decider.policy().grace()));
      return;
    }
    switch (state.provenance(watched.repository().host(), id, found.guid())) {
      case DELIVERED, REJECTED -> {}
      case RECOVERED -> survey.missed(madeAt);
      case UNKNOWN -> {
        survey.missed(madeAt);
        decide(watched.repository(), id, found, survey);
      }
    }
  }

  private void decide(Repository repository, long id, RecoveredEvent found, Findings survey)
      throws InterruptedException {
    switch (decider.decide(repository, id, found)) {
      case SETTLED -> {}
      case PENDING -> survey.isSettled = false;
      case UNAVAILABLE -> survey.isUnavailable = true;
    }
  }

  /** The event that GitHub would have sent, as far as its list says. */
  private static ObjectNode event(Repository repository, JsonNode deployment) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
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
