package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Act;
import dev.slipway.crash.OutsideJournal.Asked;
import dev.slipway.crash.OutsideJournal.Created;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.Over;
import dev.slipway.crash.OutsideJournal.Sent;
import dev.slipway.crash.OutsideJournal.Triggered;
import dev.slipway.crash.OutsideJournal.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says what was started where it was locked: after the answer to the lock, and before somebody asks
 * for its end or changes it, or it ends by itself. What had been taken to be started before the
 * lock goes on; in an environment that can be one deployment, and it is none that came later, none
 * that was seen to wait, and none beside another that ran.
 */
final class LockChecker {
  private final List<Entry> entries;
  private final Acts acts;
  private final Map<Long, Long> known = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  LockChecker(List<Entry> entries, Acts acts) {
    this.entries = entries;
    this.acts = acts;
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Sent sent -> known.putIfAbsent(sent.deployment(), entry.at());
        case Created created -> known.putIfAbsent(created.deployment(), entry.at());
        default -> {
          // makes no deployment known
        }
      }
    }
  }

  /** A lock while it surely holds; nanoseconds of the machine's clock. */
  private record Period(Acts.History lock, long from, long until) {
    boolean contains(long at) {
      return at > from && at < until;
    }
  }

  List<String> violations() {
    acts.all(Act.LOCK).filter(Acts.History::isAcknowledged).map(this::period).forEach(this::check);
    return violations;
  }

  private Period period(Acts.History lock) {
    long from = lock.acknowledgedAt();
    long until = lock.acknowledgements().getFirst().until();
    for (Entry entry : entries) {
      if (entry.at() > lock.firstAsked()
          && entry.seen() instanceof Asked asked
          && (asked.act() == Act.UNLOCK || asked.act() == Act.LOCK)
          && asked.scope().equals(lock.asked().scope())) {
        until = Math.min(until, entry.at());
      }
    }
    return new Period(lock, from, until);
  }

  private void check(Period period) {
    Map<String, Triggered> running = new HashMap<>();
    Map<String, Set<Long>> before = new HashMap<>();
    Set<Long> waiting = new HashSet<>();
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Waiting wait when wait.asked() > period.from() -> waiting.add(wait.deployment());
        case Over over -> {
          if (entry.at() <= period.from()) {
            running.remove(over.environment());
          }
        }
        case Triggered trigger when period.lock().asked().covers(trigger.environment()) -> {
          if (entry.at() <= period.from()) {
            running.put(trigger.environment(), trigger);
          } else if (period.contains(entry.at())) {
            check(period, trigger, running, waiting);
            Set<Long> begun = before.computeIfAbsent(trigger.environment(), _ -> new HashSet<>());
            if (begun.add(trigger.deployment()) && begun.size() > 1) {
              violation(period, trigger, "was started after another one");
            }
          }
        }
        default -> {
          // starts nothing
        }
      }
    }
  }

  private void check(
      Period period, Triggered trigger, Map<String, Triggered> running, Set<Long> waiting) {
    Triggered other = running.get(trigger.environment());
    if (other != null && other.deployment() != trigger.deployment()) {
      violation(period, trigger, "was started after #" + other.deployment() + " had run");
    }
    if (known.getOrDefault(trigger.deployment(), 0L) > period.from()) {
      violation(period, trigger, "came when it was locked, and was started");
    }
    if (waiting.contains(trigger.deployment())) {
      violation(period, trigger, "waited for the lock, and was started");
    }
  }

  private void violation(Period period, Triggered trigger, String what) {
    violations.add("#%d %s: %s, %s".formatted(trigger.deployment(), what, trigger, period.lock()));
  }
}
