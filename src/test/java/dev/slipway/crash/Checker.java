package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Act;
import dev.slipway.crash.OutsideJournal.Answered;
import dev.slipway.crash.OutsideJournal.Created;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.OfDeployment;
import dev.slipway.crash.OutsideJournal.Outcome;
import dev.slipway.crash.OutsideJournal.Over;
import dev.slipway.crash.OutsideJournal.Posted;
import dev.slipway.crash.OutsideJournal.Sent;
import dev.slipway.crash.OutsideJournal.Triggered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says what was promised and not held, from what was seen outside alone. A deployment has one run;
 * it has one more for each retry that the audit knows, and for each delivery that came again, with
 * the GUID it had, after a bad end, and was answered {@code retried} or, perhaps, not at all.
 */
final class Checker {
  private final List<Entry> entries;
  private final Acts acts;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();

  private Checker(List<Entry> entries) {
    this.entries = entries;
    this.acts = new Acts(entries);
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Sent(long deployment, String environment, _) ->
            newest.merge(environment, deployment, Math::max);
        case Created(long deployment, String environment, _, _) ->
            newest.merge(environment, deployment, Math::max);
        default -> {
          // makes no deployment
        }
      }
    }
  }

  /** How many deployments ended with anything but success; no promise, but worth to be known. */
  static long bad(OutsideJournal journal) {
    return journal.all(Posted.class).stream()
        .filter(Posted::isFinal)
        .filter(status -> !status.state().equals("success"))
        .map(Posted::deployment)
        .distinct()
        .count();
  }

  /** How many ended because nobody could know better. */
  static long errors(OutsideJournal journal) {
    return journal.all(Posted.class).stream()
        .filter(status -> status.state().equals("error"))
        .map(Posted::deployment)
        .distinct()
        .count();
  }

  /** How often GitHub was told what it had been told right before of the same deployment. */
  static long again(OutsideJournal journal) {
    Map<Long, Posted> before = new HashMap<>();
    return journal.all(Posted.class).stream()
        .filter(status -> status.equals(before.put(status.deployment(), status)))
        .count();
  }

  /** The violations, in words; nothing when every promise was held. */
  static List<String> violations(OutsideJournal journal) {
    Checker checker = new Checker(journal.entries());
    Map<Long, List<OfDeployment>> byDeployment = new LinkedHashMap<>();
    checker.entries.forEach(
        entry -> {
          if (entry.seen() instanceof OfDeployment seen) {
            byDeployment.computeIfAbsent(seen.deployment(), _ -> new ArrayList<>()).add(seen);
          }
        });
    byDeployment.forEach(checker::check);
    checker.checkEnvironments();
    checker.violations.addAll(new ActChecker(checker.entries, checker.acts).violations());
    checker.violations.addAll(new LockChecker(checker.entries, checker.acts).violations());
    return checker.violations;
  }

  private void check(long deployment, List<OfDeployment> seen) {
    List<Posted> posted = only(seen, Posted.class);
    List<Answered> answers = only(seen, Answered.class);
    List<Sent> sends = only(seen, Sent.class);
    boolean ordered = acts.all(Act.ROLLBACK).anyMatch(one -> one.isAnsweredWith(deployment));
    if (sends.isEmpty() && only(seen, Created.class).isEmpty()) {
      violation(deployment, "was heard of, and nobody sent it", seen);
      return;
    }
    long retries = acts.done(Act.RETRY, deployment).size();
    long retried =
        retries + answers.stream().filter(answer -> answer.decision().equals("retried")).count();
    long most = 1 + retries + askedAgain(deployment, sends, answers, seen);
    long finals = posted.stream().filter(Posted::isFinal).count();
    boolean kept = ordered || answers.stream().anyMatch(Answered::isKept);
    if (kept && finals < 1 + retried) {
      violation(deployment, "was accepted and has no final status", seen);
    }
    if (finals > most) {
      violation(deployment, "has more than one final status", seen);
    }
    checkTriggers(deployment, posted, most, seen);
    checkOrder(deployment, posted, seen);
    checkTruth(deployment, posted, seen);
    checkLine(deployment, posted, answers, seen);
  }

  private void checkTriggers(
      long deployment, List<Posted> posted, long most, List<OfDeployment> seen) {
    List<Triggered> triggers = only(seen, Triggered.class);
    long bad = posted.stream().filter(Posted::isBad).count();
    long cancelled = Math.min(count(posted, "inactive"), cancels(deployment));
    if (triggers.size() > Math.min(most, 1 + bad + cancelled)) {
      violation(deployment, "was triggered twice", seen);
    }
    long commit =
        only(seen, Created.class).stream().map(Created::commit).findFirst().orElse(deployment);
    if (triggers.stream().anyMatch(trigger -> trigger.commit() != commit)) {
      violation(deployment, "was deployed with another commit", seen);
    }
  }

  private long cancels(long deployment) {
    return acts.done(Act.CANCEL, deployment).size();
  }

  private static long count(List<Posted> posted, String state) {
    return posted.stream().filter(status -> status.state().equals(state)).count();
  }

  /** How many more runs a person may have asked for, by having the same delivery sent again. */
  private long askedAgain(
      long deployment, List<Sent> sends, List<Answered> answers, List<OfDeployment> seen) {
    Map<String, Long> times =
        sends.stream().collect(Collectors.groupingBy(Sent::guid, Collectors.counting()));
    long asked = 0;
    for (Map.Entry<String, Long> delivery : times.entrySet()) {
      List<String> decisions =
          answers.stream()
              .filter(answer -> answer.guid().equals(delivery.getKey()))
              .filter(answer -> answer.status() == 202)
              .map(Answered::decision)
              .toList();
      if (delivery.getValue() == 1 && decisions.contains("retried")) {
        violation(deployment, "was retried, and nobody asked for it", seen);
      }
      long nothingNew =
          decisions.stream()
              .filter(decision -> !decision.equals("retried") && !decision.equals("accepted"))
              .count();
      asked += Math.max(0, delivery.getValue() - Math.max(1, nothingNew));
    }
    return asked;
  }

  /**
   * Only a newer one of the same environment, or somebody who cancels it, makes a deployment one
   * that need not run.
   */
  private void checkLine(
      long deployment, List<Posted> posted, List<Answered> answers, List<OfDeployment> seen) {
    Optional<String> environment =
        only(seen, Sent.class).stream()
            .map(Sent::environment)
            .findFirst()
            .or(() -> only(seen, Created.class).stream().map(Created::environment).findFirst());
    boolean isNewest = environment.filter(one -> newest.get(one) > deployment).isEmpty();
    long inactive = count(posted, "inactive");
    long stoppable =
        acts.done(Act.CANCEL, deployment).stream()
            .filter(cancel -> !cancel.isAnsweredWith("cancelled"))
            .count();
    long told = posted.stream().filter(Posted::isBad).count() + count(posted, "success");
    if (inactive > 0 && only(seen, Triggered.class).size() > told + stoppable) {
      violation(deployment, "is inactive, and was deployed", seen);
    }
    if (inactive > cancels(deployment) && isNewest) {
      violation(deployment, "is inactive, and nothing newer is there", seen);
    }
    for (Answered answer : answers) {
      boolean stale = answer.decision().equals("stale");
      if (answer.status() == 202 && !answer.isKept() && !(stale && !isNewest)) {
        violation(deployment, "was not taken (" + answer.decision() + ")", seen);
      }
    }
  }

  private void checkOrder(long deployment, List<Posted> posted, List<OfDeployment> seen) {
    String before = "";
    long cancels = cancels(deployment);
    for (Posted status : posted) {
      boolean mayGoOn = before.equals("inactive") && cancels-- > 0 && !status.isFinal();
      if (before.equals("success") || (before.equals("inactive") && !mayGoOn)) {
        violation(deployment, "has a status after the final one", seen);
      }
      if (isBad(before) && status.isFinal()) {
        violation(deployment, "has a status after the final one", seen);
      }
      // What a lock holds right before it would start goes back to its queue
      boolean isHeld = status.description().startsWith("Locked by ");
      if (before.equals("in_progress") && status.state().equals("queued") && !isHeld) {
        violation(deployment, "was queued after it was in progress", seen);
      }
      before = status.state();
    }
    // A status after a bad end has to belong to a run that ends as well
    if (posted.stream().anyMatch(Posted::isFinal) && !posted.getLast().isFinal()) {
      violation(deployment, "has a status after the final one", seen);
    }
  }

  private static boolean isBad(String state) {
    return state.equals("failure") || state.equals("error");
  }

  private void checkTruth(long deployment, List<Posted> posted, List<OfDeployment> seen) {
    boolean success = count(posted, "success") > 0;
    long live = ended(seen, Outcome.LIVE);
    if (success && only(seen, Triggered.class).isEmpty()) {
      violation(deployment, "succeeded, and nothing was deployed", seen);
    } else if (success && live == 0) {
      violation(deployment, "succeeded, and nothing went live", seen);
    }
    boolean told = success || count(posted, "error") > 0;
    if (live > 0 && !told && posted.stream().anyMatch(Posted::isFinal)) {
      violation(deployment, "went live, and nobody was told", seen);
    }
    if (ended(seen, Outcome.STOPPED) > cancels(deployment)) {
      violation(deployment, "was stopped, and nobody asked for it", seen);
    }
    checkNothingGoesOn(deployment, seen);
  }

  /**
   * An end is told when the deploy is over; but for an error, which may say that nobody knows. A
   * deploy of the next run may have begun before the end of the last one is told.
   */
  private void checkNothingGoesOn(long deployment, List<OfDeployment> seen) {
    boolean going = false;
    int triggers = 0;
    int runsWithDeploy = 0;
    Posted last = null;
    for (OfDeployment one : seen) {
      switch (one) {
        case Triggered _ -> {
          going = true;
          triggers++;
        }
        case Over _ -> going = false;
        case Posted status when status.isFinal() -> {
          runsWithDeploy += startedNothing(deployment, status) ? 0 : 1;
          last = status;
          if (going && triggers <= runsWithDeploy && !status.state().equals("error")) {
            violation(deployment, "has ended while its deploy went on", seen);
          }
        }
        default -> {
          // neither begins nor ends anything
        }
      }
    }
    if (going && last != null && !last.state().equals("error")) {
      violation(deployment, "has ended, and its deploy goes on for ever", seen);
    }
  }

  /** Whether the status tells of a run that had nothing to stop. */
  private boolean startedNothing(long deployment, Posted status) {
    return status.state().equals("inactive")
        && acts.done(Act.CANCEL, deployment).stream()
            .noneMatch(cancel -> status.description().contains(cancel.key() + ";"));
  }

  private static long ended(List<OfDeployment> seen, Outcome outcome) {
    return only(seen, Over.class).stream().filter(over -> over.outcome() == outcome).count();
  }

  private void checkEnvironments() {
    Map<String, Triggered> running = new HashMap<>();
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Triggered triggered -> {
          Triggered other = running.put(triggered.environment(), triggered);
          if (other != null) {
            violations.add(
                "%s: #%d was triggered at %s while #%d ran"
                    .formatted(
                        triggered.environment(),
                        triggered.deployment(),
                        triggered.target(),
                        other.deployment()));
          }
        }
        case Over over ->
            running.computeIfPresent(
                over.environment(), (_, last) -> over.isOf(last) ? null : last);
        default -> {
          // neither begins a deploy nor ends one
        }
      }
    }
  }

  private static <T> List<T> only(List<OfDeployment> seen, Class<T> kind) {
    return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void violation(long deployment, String what, List<OfDeployment> seen) {
    violations.add(
        "#"
            + deployment
            + " "
            + what
            + ": "
            + seen
            + acts.all()
                .filter(act -> act.isAsked() && act.asked().deployment() == deployment)
                .map(act -> "; " + act)
                .collect(Collectors.joining()));
  }
}
