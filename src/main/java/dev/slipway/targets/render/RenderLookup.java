package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.LookupResult;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.LenientJson;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Searches the deploy that a request of ours started, where its answer did not name it. */
final class RenderLookup {
  /** How far Render's clock may be behind ours without being measured. */
  static final Duration CLOCK_MARGIN = Duration.ofSeconds(5);

  /** A {@code Date} is up to a second old, and travels for a while. */
  static final Duration INEXACT = Duration.ofSeconds(3);

  private static final int MOST_PAGES = 5;

  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final RenderClient client;
  private final Set<RenderDeploy.Trigger> triggers;
  private final RenderMessages messages;
  private final AcceptedDeploys accepted;
  private final InstantSource clock;

  RenderLookup(
      RenderClient client,
      Set<RenderDeploy.Trigger> triggers,
      RenderMessages messages,
      AcceptedDeploys accepted,
      InstantSource clock) {
    this.client = client;
    this.triggers = Set.copyOf(triggers);
    this.messages = messages;
    this.accepted = accepted;
    this.clock = clock;
  }

  sealed interface Search {}

  record Match(RenderDeploy deploy) implements Search {}

  record NoMatch() implements Search {}

  /**
   * @param isDenied whether the key is wrong or does not see the service
   */
  record Unreadable(String reason, Duration again, boolean isDenied)
      implements Search, Candidates {}

  sealed interface Candidates {}

  /** Deploys that may be ours, by their triggers and times. */
  record Listed(List<RenderDeploy> deploys) implements Candidates {}

  /** Looks up an attempt of unknown outcome. */
  LookupResult lookUp(Attempt attempt) throws InterruptedException {
    return switch (search(attempt, attempt.since())) {
      case Match(RenderDeploy deploy) ->
          new LookupResult.Found(deploy.id(), "Render did start deploy " + deploy.id());
      case Unreadable(String reason, Duration again, _) ->
          new LookupResult.Unreachable(reason, again);
      case NoMatch() ->
          new LookupResult.NotThere(
              "Render lists no deploy of " + attempt.deployment().shortSha() + " since then",
              AGAIN);
    };
  }

  /**
   * The oldest deploy of these triggers and of the attempt's commit since an instant that no other
   * run has: within the margins of the clocks there may be one from before.
   */
  Search search(Attempt attempt, Instant since) throws InterruptedException {
    Instant from = since.minus(CLOCK_MARGIN);
    Reply first = client.deploys(from, null);
    Duration behind = clockLag(first, clock.instant());
    // By a clock of ours that is ahead, our deploy would be too old to be ours
    Candidates listed =
        behind.compareTo(INEXACT) > 0
            ? list(from.minus(behind), client.deploys(from.minus(behind), null))
            : list(from, first);
    return switch (listed) {
      case Listed(List<RenderDeploy> deploys) -> choose(attempt, deploys);
      case Unreadable unreadable -> unreadable;
    };
  }

  /**
   * Every deploy of these triggers and of the attempt's commit since an instant that no other run
   * has, and none from before it: one of somebody else's must not be taken for ours, while to
   * overlook ours does no harm.
   */
  Candidates since(Attempt attempt, Instant since) throws InterruptedException {
    Reply first = client.deploys(since, null);
    Duration behind = clockLag(first, clock.instant());
    boolean isOff = behind.isNegative() || behind.compareTo(INEXACT) > 0;
    Instant from = isOff ? since.minus(behind) : since;
    return switch (isOff ? list(from, client.deploys(from, null)) : list(from, first)) {
      case Listed(List<RenderDeploy> deploys) ->
          new Listed(
              ofCommit(attempt, deploys).filter(deploy -> isOfNoOther(attempt, deploy)).toList());
      case Unreadable unreadable -> unreadable;
    };
  }

  /** How far Render's clock is behind ours, as far as an answer that has just come tells. */
  static Duration clockLag(Reply reply, Instant now) {
    return reply instanceof Reply.Answered answer
        ? answer.date().map(date -> Duration.between(date, now)).orElse(Duration.ZERO)
        : Duration.ZERO;
  }

  private Candidates list(Instant from, Reply first) throws InterruptedException {
    List<RenderDeploy> candidates = new ArrayList<>();
    Reply reply = first;
    for (int page = 1; ; page++) {
      if (!(reply instanceof Reply.Answered answer)
          || !answer.isSuccess()
          || !answer.json().isArray()) {
        return unreadable(reply);
      }
      JsonNode rows = answer.json();
      rows.forEach(
          row ->
              RenderDeploy.from(row.path("deploy"))
                  .filter(deploy -> mayBeOurs(deploy, from))
                  .ifPresent(candidates::add));
      String cursor = next(rows);
      if (cursor == null) {
        return new Listed(candidates);
      }
      if (page == MOST_PAGES) {
        return new Unreadable(
            "Render lists more than %d deploys since %s"
                .formatted(MOST_PAGES * RenderClient.PAGE, from),
            Duration.ofSeconds(30),
            false);
      }
      reply = client.deploys(from, cursor);
    }
  }

  private static @Nullable String next(JsonNode rows) {
    return rows.size() < RenderClient.PAGE
        ? null
        : LenientJson.text(rows.get(rows.size() - 1).path("cursor")).orElse(null);
  }

  // What Render leaves out cannot speak against a deploy: to overlook ours would deploy it twice
  private boolean mayBeOurs(RenderDeploy deploy, Instant from) {
    String trigger = deploy.trigger();
    return (trigger == null || triggers.stream().anyMatch(one -> one.code().equals(trigger)))
        && (deploy.createdAt() == null || !deploy.createdAt().isBefore(from));
  }

  private Search choose(Attempt attempt, List<RenderDeploy> candidates)
      throws InterruptedException {
    Optional<RenderDeploy> match = oldest(attempt, ofCommit(attempt, candidates));
    if (match.isPresent()) {
      return new Match(match.get());
    }
    Optional<RenderDeploy> other = oldest(attempt, candidates.stream());
    return other.isPresent() ? unlessUnpinned(other.get()) : new NoMatch();
  }

  /** A cron job deploys the newest commit whatever was asked for, so the commit says nothing. */
  private Search unlessUnpinned(RenderDeploy ofAnotherCommit) throws InterruptedException {
    if (!client.serviceId().isCronJob()) {
      Reply reply = client.service();
      if (!(reply instanceof Reply.Answered answer) || !answer.isSuccess()) {
        return unreadable(reply);
      }
      if (!RenderService.from(answer.json()).isCronJob()) {
        return new NoMatch();
      }
    }
    return new Match(ofAnotherCommit);
  }

  private static Stream<RenderDeploy> ofCommit(Attempt attempt, List<RenderDeploy> deploys) {
    return deploys.stream().filter(deploy -> !deploy.isOfAnotherCommit(attempt.deployment().sha()));
  }

  private Optional<RenderDeploy> oldest(Attempt attempt, Stream<RenderDeploy> deploys) {
    return deploys
        .sorted(
            Comparator.comparing(
                RenderDeploy::createdAt, Comparator.nullsLast(Comparator.naturalOrder())))
        .filter(deploy -> isOfNoOther(attempt, deploy))
        .findFirst();
  }

  private boolean isOfNoOther(Attempt attempt, RenderDeploy deploy) {
    return !accepted.isOfAnotherRun(attempt, deploy.id());
  }

  private Unreadable unreadable(Reply reply) {
    return new Unreadable(
        "Render's deploys cannot be listed: " + messages.unseen(reply),
        ProviderWaits.afterFailure(reply, 1, clock.instant()),
        reply instanceof Reply.Answered answer && RenderClient.isDenied(answer));
  }
}
