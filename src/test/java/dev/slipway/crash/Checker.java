package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Answered;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.Over;
import dev.slipway.crash.OutsideJournal.Posted;
import dev.slipway.crash.OutsideJournal.Seen;
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
 * it has one more for each delivery that came again, with the GUID it had, after a bad end, and was
 * answered {@code retried} or, perhaps, not at all.
 */
final class Checker {
  private final List<Entry> entries;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();

  private Checker(List<Entry> entries) {
    this.entries = entries;
    for (Entry entry : entries) {
      if (entry.seen() instanceof Sent(long deployment, String environment, _)) {
        newest.merge(environment, deployment, Math::max);
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
    Map<Long, List<Seen>> byDeployment = new LinkedHashMap<>();
    checker.entries.forEach(
        entry ->
            byDeployment
                .computeIfAbsent(entry.seen().deployment(), _ -> new ArrayList<>())
                .add(entry.seen()));
    byDeployment.forEach(checker::check);
    checker.checkEnvironments();
    return checker.violations;
  }

  private void check(long deployment, List<Seen> seen) {
    List<Posted> posted = only(seen, Posted.class);
    List<Answered> answers = only(seen, Answered.class);
    List<Sent> sends = only(seen, Sent.class);
    if (sends.isEmpty()) {
      violation(deployment, "was heard of, and nobody sent it", seen);
      return;
    }
    long retried = answers.stream().filter(answer -> answer.decision().equals("retried")).count();
    long most = 1 + askedAgain(deployment, sends, answers, seen);
    long finals = posted.stream().filter(Posted::isFinal).count();
    boolean kept = answers.stream().anyMatch(Answered::isKept);
    if (kept && finals < 1 + retried) {
      violation(deployment, "was accepted and has no final status", seen);
    }
    if (finals > most) {
      violation(deployment, "has more than one final status", seen);
    }
    long triggers = only(seen, Triggered.class).size();
    long bad = posted.stream().filter(Posted::isBad).count();
    if (triggers > Math.min(most, 1 + bad)) {
      violation(deployment, "was triggered twice", seen);
    }
    checkOrder(deployment, posted, seen);
    checkTruth(deployment, posted, triggers, seen);
    checkLine(deployment, posted, answers, seen);
  }

  /** How many more runs a person may have asked for, by having the same delivery sent again. */
  private long askedAgain(
      long deployment, List<Sent> sends, List<Answered> answers, List<Seen> seen) {
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

  /** Only a newer one of the same environment makes a deployment one that need not run. */
  private void checkLine(
      long deployment, List<Posted> posted, List<Answered> answers, List<Seen> seen) {
    Optional<Sent> sent = only(seen, Sent.class).stream().findFirst();
    boolean isNewest = sent.filter(one -> newest.get(one.environment()) > deployment).isEmpty();
    long triggers = only(seen, Triggered.class).size();
    boolean inactive = posted.stream().anyMatch(status -> status.state().equals("inactive"));
    if (inactive && triggers > posted.stream().filter(Posted::isBad).count()) {
      violation(deployment, "is inactive, and was deployed", seen);
    }
    if (inactive && isNewest) {
      violation(deployment, "is inactive, and nothing newer is there", seen);
    }
    for (Answered answer : answers) {
      boolean stale = answer.decision().equals("stale");
      if (answer.status() == 202 && !answer.isKept() && !(stale && !isNewest)) {
        violation(deployment, "was not taken (" + answer.decision() + ")", seen);
      }
    }
  }

  private void checkOrder(long deployment, List<Posted> posted, List<Seen> seen) {
    String before = "";
    for (Posted status : posted) {
      if (before.equals("success") || before.equals("inactive")) {
        violation(deployment, "has a status after the final one", seen);
      }
      if (isBad(before) && status.isFinal()) {
        violation(deployment, "has a status after the final one", seen);
      }
      if (before.equals("in_progress") && status.state().equals("queued")) {
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

  private void checkTruth(long deployment, List<Posted> posted, long triggers, List<Seen> seen) {
    if (triggers == 0 && posted.stream().anyMatch(status -> status.state().equals("success"))) {
      violation(deployment, "succeeded, and nothing was deployed", seen);
    }
  }

  private void checkEnvironments() {
    Map<String, Long> running = new HashMap<>();
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Triggered(long deployment, String environment, String target) -> {
          Long other = running.put(environment, deployment);
          if (other != null) {
            violations.add(
                "%s: #%d was triggered at %s while #%d ran"
                    .formatted(environment, deployment, target, other));
          }
        }
        case Over(long deployment, String environment) -> running.remove(environment, deployment);
        case Sent _, Answered _, Posted _ -> {}
      }
    }
  }

  private static <T> List<T> only(List<Seen> seen, Class<T> kind) {
    return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void violation(long deployment, String what, List<Seen> seen) {
    violations.add("#" + deployment + " " + what + ": " + seen);
  }
}
