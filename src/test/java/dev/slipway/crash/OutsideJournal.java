package dev.slipway.crash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the outside saw of Slipway, and when. Safe for use by many threads. */
final class OutsideJournal {
  private final List<Entry> entries = new ArrayList<>();

  /** One thing that was seen; nanoseconds of the machine's clock. */
  record Entry(long at, Seen seen) {}

  /** What can be seen from outside. */
  sealed interface Seen {}

  /** What is seen of one deployment. */
  sealed interface OfDeployment extends Seen {
    long deployment();
  }

  /** GitHub sent a delivery of this deployment, answered or not. */
  record Sent(long deployment, String environment, String guid) implements OfDeployment {}

  /** The delivery was answered. */
  record Answered(long deployment, String guid, int status, String decision)
      implements OfDeployment {
    private static final Set<String> KEPT = Set.of("accepted", "duplicate", "retried");

    boolean isKept() {
      return status == 202 && KEPT.contains(decision);
    }
  }

  /**
   * GitHub has created a deployment because Slipway asked for it.
   *
   * @param commit the deployment that the commit is of
   * @param description which names the order that it is for
   */
  record Created(long deployment, String environment, long commit, String description)
      implements OfDeployment {}

  /** GitHub has taken a status. */
  record Posted(long deployment, String state, String description) implements OfDeployment {
    private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");

    boolean isFinal() {
      return FINAL.contains(state);
    }

    boolean isBad() {
      return state.equals("failure") || state.equals("error");
    }
  }

  /**
   * A deploy has begun.
   *
   * @param deploy its id where it runs; empty where nobody has to tell it from others
   * @param commit the deployment that the commit is of
   */
  record Triggered(long deployment, String environment, String target, String deploy, long commit)
      implements OfDeployment {
    /** A deploy of the deployment's own commit. */
    Triggered(long deployment, String environment, String target) {
      this(deployment, environment, target, "", deployment);
    }
  }

  /** A deploy is over, where it runs. */
  record Over(long deployment, String environment, String deploy, Outcome outcome)
      implements OfDeployment {
    /** It went live. */
    Over(long deployment, String environment) {
      this(deployment, environment, "", Outcome.LIVE);
    }

    /** Whether it is the end of this deploy; one that names none is the end of any. */
    boolean isOf(Triggered trigger) {
      return trigger.deployment() == deployment
          && (deploy.isEmpty() || deploy.equals(trigger.deploy()));
    }
  }

  /** How a deploy ended, where it runs. */
  enum Outcome {
    LIVE,
    FAILED,
    /** Somebody asked for that, and it had not ended yet. */
    STOPPED
  }

  /** What somebody may ask of Slipway. */
  enum Act {
    CANCEL,
    RETRY,
    ROLLBACK,
    LOCK,
    UNLOCK;

    /** Its word in the audit. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Somebody asks for an act.
   *
   * @param key is in its reason; of an unlock, in that of the lock. Only a rollback is asked for
   *     again under the same
   * @param deployment that it is about, or a rollback is to repeat; 0 where it names none
   * @param scope the key of an environment; with a space at its end all of a repository, with one
   *     in front all of a name
   */
  record Asked(Act act, String key, long deployment, String scope) implements Seen {
    boolean covers(String environment) {
      return environment.equals(scope)
          || (scope.endsWith(" ") && environment.startsWith(scope))
          || (scope.startsWith(" ") && environment.endsWith(scope));
    }
  }

  /**
   * Slipway has answered.
   *
   * @param status 0 when the answer was lost
   * @param word what was done, or why not
   * @param deployment that it is about, or was created for a rollback; 0 where there is none
   * @param until when a lock ends by itself; the end of time when it does not
   */
  record Replied(Act act, String key, int status, String word, long deployment, long until)
      implements Seen {
    boolean isAcknowledged() {
      return status >= 200 && status < 300;
    }

    /**
     * Whether it was surely not done. What GitHub created for an order may come too late to run.
     */
    boolean isRefused() {
      return status >= 400 && status < 500 && !word.equals("Not deployed");
    }
  }

  /**
   * A list that was asked for later than this showed that the deployment waits.
   *
   * @param asked nanoseconds of the machine's clock
   */
  record Waiting(long deployment, long asked) implements OfDeployment {}

  /** The audit has a row, when all is over. */
  record Audited(Act act, String key) implements Seen {}

  void add(Seen seen) {
    add(now(), seen);
  }

  synchronized void add(long at, Seen seen) {
    entries.add(new Entry(at, seen));
  }

  /** A deploy ended before the time at which it would have ended by itself. */
  synchronized void addStopped(long at, Over over) {
    entries.removeIf(
        entry -> entry.seen() instanceof Over end && end.deploy().equals(over.deploy()));
    add(at, over);
  }

  synchronized int size() {
    return entries.size();
  }

  /** Whether a deploy has begun since there were so many entries. */
  synchronized boolean hasWorkSince(int size) {
    return entries.subList(Math.min(size, entries.size()), entries.size()).stream()
        .anyMatch(entry -> entry.seen() instanceof Triggered);
  }

  static long now() {
    return nanoseconds(Instant.now());
  }

  static long nanoseconds(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** Everything so far, oldest first; what has the same time, as it came. */
  synchronized List<Entry> entries() {
    return entries.stream().sorted(Comparator.comparingLong(Entry::at)).toList();
  }

  /** All that is of one kind, oldest first. */
  <T extends Seen> List<T> all(Class<T> kind) {
    return entries().stream().map(Entry::seen).filter(kind::isInstance).map(kind::cast).toList();
  }
}
