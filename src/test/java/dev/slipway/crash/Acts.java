package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Act;
import dev.slipway.crash.OutsideJournal.Asked;
import dev.slipway.crash.OutsideJournal.Audited;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.Replied;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was asked of Slipway, what it answered, and what its audit says was done. The audit decides
 * about what is in doubt: an answer that was lost may be of an act that was done or not.
 */
final class Acts {
  private final Map<Name, History> byName = new LinkedHashMap<>();

  private record Name(Act act, String key) {}

  /** An act with all that was asked and answered about it. */
  static final class History {
    private final Act act;
    private final String key;
    private final List<Asked> asked = new ArrayList<>();
    private final List<Long> askedAt = new ArrayList<>();
    private final List<Replied> replies = new ArrayList<>();
    private final List<Long> repliedAt = new ArrayList<>();
    private int audited;

    private History(Name name) {
      this.act = name.act();
      this.key = name.key();
    }

    Act act() {
      return act;
    }

    String key() {
      return key;
    }

    /** What it was asked for first. */
    Asked asked() {
      return asked.getFirst();
    }

    /** Whether somebody asked at all. */
    boolean isAsked() {
      return !asked.isEmpty();
    }

    long firstAsked() {
      return askedAt.getFirst();
    }

    /** The answers that it was done. */
    List<Replied> acknowledgements() {
      return replies.stream().filter(Replied::isAcknowledged).toList();
    }

    boolean isAcknowledged() {
      return !acknowledgements().isEmpty();
    }

    /** When it was first known to be done. */
    long acknowledgedAt() {
      for (int i = 0; i < replies.size(); i++) {
        if (replies.get(i).isAcknowledged()) {
          return repliedAt.get(i);
        }
      }
      throw new IllegalStateException(this + " was not acknowledged");
    }

    /** Whether it was acknowledged with this word. */
    boolean isAnsweredWith(String word) {
      return acknowledgements().stream().anyMatch(reply -> reply.word().equals(word));
    }

    /** Whether it was acknowledged with this deployment. */
    boolean isAnsweredWith(long deployment) {
      return acknowledgements().stream().anyMatch(reply -> reply.deployment() == deployment);
    }

    /** Whether the text tells of it. */
    boolean isToldIn(String text) {
      return text.contains(key);
    }

    /** Whether each time somebody asked it was surely not done. */
    boolean isRefused() {
      return replies.size() == asked.size() && replies.stream().allMatch(Replied::isRefused);
    }

    /** How many rows the audit has of it. */
    int audited() {
      return audited;
    }

    @Override
    public String toString() {
      return "%s %s (asked %s, answered %s, %d times in the audit)"
          .formatted(act.word(), key, asked, replies, audited);
    }
  }

  Acts(List<Entry> entries) {
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Asked asked -> {
          History history = history(asked.act(), asked.key());
          history.asked.add(asked);
          history.askedAt.add(entry.at());
        }
        case Replied replied -> {
          History history = history(replied.act(), replied.key());
          history.replies.add(replied);
          history.repliedAt.add(entry.at());
        }
        case Audited audited -> history(audited.act(), audited.key()).audited++;
        case OutsideJournal.OfDeployment _ -> {
          // not about acts
        }
      }
    }
  }

  private History history(Act act, String key) {
    return byName.computeIfAbsent(new Name(act, key), History::new);
  }

  Stream<History> all() {
    return byName.values().stream();
  }

  Stream<History> all(Act act) {
    return all().filter(history -> history.act() == act);
  }

  /** Those that were done to a deployment, by the audit. */
  List<History> done(Act act, long deployment) {
    return all(act)
        .filter(history -> history.audited() > 0 && history.isAsked())
        .filter(history -> history.asked().deployment() == deployment)
        .toList();
  }
}
