package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.GithubState;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.QueueEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Lets runs into the line of a route, the way the route wants it; within one transaction. */
record Admission(IntakeTransaction ledger, Route route, String lockKey, Instant now) {
  private static final int NAMED = 10;

  /** A deployment that was never seen before is kept, whether or not it may join the line. */
  Decision ofNew(Deployment deployment) {
    OptionalLong newest = ledger.newerThan(deployment);
    Optional<String> obstacle = obstacle(deployment);
    QueueEntry ticket = new QueueEntry(ledger.addDeployment(deployment, now), 1, deployment);
    if (policy() == QueuePolicy.Mode.LATEST && newest.isPresent()) {
      String newer = "deployment " + newest.getAsLong() + ", which is newer, came before it";
      ledger.reject(ticket, route, lockKey, new End.Superseded("Stale: " + newer), now);
      return new Decision.Stale(newer);
    }
    if (obstacle.isPresent()) {
      End end = new End.Cancelled("Turned away: " + obstacle.get());
      ledger.reject(ticket, route, lockKey, end, now);
      return new Decision.Locked(ticket.id(), obstacle.get());
    }
    List<String> consequences = enter(ticket);
    return new Decision.Accepted(
        ticket.id(), "route \"" + route.name() + "\" takes it" + joined(consequences));
  }

  /** A deployment that did not succeed may try again. */
  Decision again(QueueEntry ticket) {
    Optional<String> obstacle = obstacle(ticket.deployment());
    if (obstacle.isPresent()) {
      return new Decision.Locked(ticket.id(), obstacle.get());
    }
    List<String> consequences = enter(ticket);
    return new Decision.Retried(
        ticket.id(), "it had not succeeded; this is run " + ticket.number() + joined(consequences));
  }

  private QueuePolicy.Mode policy() {
    return route.line().policy();
  }

  private Optional<String> obstacle(Deployment deployment) {
    return policy() == QueuePolicy.Mode.REJECT
        ? ledger
            .firstInQueue(deployment, lockKey)
            .map(
                first ->
                    "%s has not ended, and route \"%s\" lets none wait"
                        .formatted(first, route.name()))
        : Optional.empty();
  }

  private List<String> enter(QueueEntry ticket) {
    List<String> consequences = new ArrayList<>();
    if (policy() == QueuePolicy.Mode.LATEST) {
      List<String> replaced = ledger.replaceWaiting(ticket, lockKey, now);
      replaced.stream()
          .limit(NAMED)
          .forEach(older -> consequences.add("replaces " + older + ", which waited"));
      if (replaced.size() > NAMED) {
        consequences.add("replaces others, which waited");
      }
    }
    if (route.line().cancelRunning()) {
      ledger
          .stopRunning(ticket, lockKey, now)
          .forEach(older -> consequences.add("stops " + older + ", which runs"));
    }
    QueuePosition place = ledger.enqueue(ticket, route, lockKey, now);
    ledger.addStatus(ticket.id(), ticket.number(), firstStatus(place), now);
    if (!consequences.isEmpty()) {
      ledger.updateStatuses(lockKey, now);
    }
    return consequences;
  }

  private Status firstStatus(QueuePosition place) {
    return place.ahead() == 0
        ? new Status(GithubState.IN_PROGRESS, "Starting on route " + route.name())
        : new Status(GithubState.QUEUED, place.sentence());
  }

  private static String joined(List<String> consequences) {
    return consequences.isEmpty() ? "" : "; it " + String.join(" and ", consequences);
  }
}
