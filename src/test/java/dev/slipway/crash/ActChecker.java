package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Act;
import dev.slipway.crash.OutsideJournal.Answered;
import dev.slipway.crash.OutsideJournal.Asked;
import dev.slipway.crash.OutsideJournal.Created;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.Posted;
import dev.slipway.crash.OutsideJournal.Replied;
import dev.slipway.crash.OutsideJournal.Sent;
import dev.slipway.crash.OutsideJournal.Triggered;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Says what was promised and not held about cancels, retries and rollbacks, and about what the
 * audit knows of any act.
 */
final class ActChecker {
  private final List<Entry> entries;
  private final Acts acts;
  private final List<String> violations = new ArrayList<>();

  ActChecker(List<Entry> entries, Acts acts) {
    this.entries = entries;
    this.acts = acts;
  }

  List<String> violations() {
    acts.all().forEach(this::checkAudit);
    acts.all(Act.CANCEL).filter(Acts.History::isAsked).forEach(this::checkCancel);
    acts.all(Act.ROLLBACK).filter(Acts.History::isAsked).forEach(this::checkRollback);
    checkCreated();
    return violations;
  }

  private void checkAudit(Acts.History act) {
    if (!act.isAsked()) {
      violation(act, "is in the audit, and nobody asked for it");
    } else if (act.audited() > 1) {
      violation(act, "is more than once in the audit");
    } else if (act.isAcknowledged() && act.audited() == 0) {
      violation(act, "was acknowledged, and is not in the audit");
    } else if (act.isRefused() && act.audited() > 0) {
      violation(act, "was refused, and is in the audit");
    }
  }

  private void checkCancel(Acts.History cancel) {
    long deployment = cancel.asked().deployment();
    List<Posted> told =
        finals(deployment, 0).stream()
            .filter(status -> cancel.isToldIn(status.description()))
            .toList();
    if (told.size() > 1) {
      violation(cancel, "was told more than once");
    }
    if (!told.isEmpty() && cancel.audited() == 0) {
      violation(cancel, "was told, and is not in the audit");
    }
    if (told.stream().anyMatch(status -> !status.state().equals("inactive"))) {
      violation(cancel, "was told as an end that is none of a cancel");
    }
    if (cancel.isAnsweredWith("cancelled")) {
      if (told.isEmpty()) {
        violation(cancel, "has ended a deployment that waited, and was not told");
      }
      if (startsUnasked(deployment, cancel.acknowledgedAt())) {
        violation(cancel, "has ended a deployment that waited, and it was started after that");
      }
    } else if (cancel.audited() > 0
        && told.isEmpty()
        && finals(deployment, cancel.firstAsked()).isEmpty()) {
      violation(cancel, "was done, and the deployment has no end since");
    }
  }

  private List<Posted> finals(long deployment, long since) {
    return entries.stream()
        .filter(entry -> entry.at() >= since)
        .map(Entry::seen)
        .filter(Posted.class::isInstance)
        .map(Posted.class::cast)
        .filter(status -> status.deployment() == deployment && status.isFinal())
        .toList();
  }

  /** Whether a deploy has begun after that, and before anybody asked for another run. */
  private boolean startsUnasked(long deployment, long since) {
    OptionalLong asked = askedForMore(deployment, since);
    return entries.stream()
        .filter(entry -> entry.at() > since)
        .filter(entry -> asked.isEmpty() || entry.at() < asked.getAsLong())
        .anyMatch(
            entry ->
                entry.seen() instanceof Triggered trigger && trigger.deployment() == deployment);
  }

  /** When the first retry or redelivery was sent that can have come after this. */
  private OptionalLong askedForMore(long deployment, long since) {
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      boolean asks =
          switch (entry.seen()) {
            case Sent sent -> sent.deployment() == deployment && !isAnsweredBefore(i, sent, since);
            case Asked retry ->
                retry.act() == Act.RETRY
                    && retry.deployment() == deployment
                    && !isAnsweredBefore(i, retry, since);
            default -> false;
          };
      if (asks) {
        asked.add(entry.at());
      }
    }
    return asked.stream().mapToLong(Long::longValue).min();
  }

  private boolean isAnsweredBefore(int from, OutsideJournal.Seen question, long since) {
    return entries.stream()
        .skip(from)
        .filter(entry -> entry.at() <= since)
        .anyMatch(
            entry ->
                switch (entry.seen()) {
                  case Answered answer ->
                      question instanceof Sent sent
                          && answer.guid().equals(sent.guid())
                          && answer.deployment() == sent.deployment();
                  case Replied reply ->
                      question instanceof Asked asked
                          && reply.status() != 0
                          && reply.key().equals(asked.key());
                  default -> false;
                });
  }

  private void checkRollback(Acts.History rollback) {
    List<Created> created =
        entries.stream()
            .map(Entry::seen)
            .filter(Created.class::isInstance)
            .map(Created.class::cast)
            .filter(one -> rollback.isToldIn(one.description()))
            .toList();
    if (created.size() > 1) {
      violation(rollback, "has more than one deployment: " + created);
    }
    for (Replied reply : rollback.acknowledgements()) {
      if (created.stream().noneMatch(one -> one.deployment() == reply.deployment())) {
        violation(rollback, "was acknowledged, and GitHub has no such deployment");
      }
    }
    if (rollback.isRefused() && !created.isEmpty()) {
      violation(rollback, "was refused, and GitHub has its deployment: " + created);
    }
    LiveCommits live = new LiveCommits(entries, rollback.asked().scope());
    for (Entry entry : entries) {
      if (entry.seen() instanceof Created one
          && created.contains(one)
          && !live.mayBe(rollback, one, entry.at())) {
        violation(rollback, "has another commit than was live before: " + one);
      }
    }
  }

  private void checkCreated() {
    for (Entry entry : entries) {
      if (entry.seen() instanceof Created created
          && acts.all(Act.ROLLBACK)
              .noneMatch(one -> one.isAsked() && one.isToldIn(created.description()))) {
        violations.add(created + " was created, and nobody asked for it");
      }
    }
  }

  private void violation(Acts.History act, String what) {
    violations.add(
        act
            + " "
            + what
            + ": "
            + entries.stream()
                .map(Entry::seen)
                .filter(
                    seen ->
                        seen instanceof OutsideJournal.OfDeployment of
                            && act.isAsked()
                            && of.deployment() == act.asked().deployment())
                .toList());
  }
}
