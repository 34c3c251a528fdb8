package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Created;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.Outcome;
import dev.slipway.crash.OutsideJournal.Over;
import dev.slipway.crash.OutsideJournal.Posted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Which commits were live in an environment, one after another, and with it which one a rollback
 * may go back to. Commits go by the deployment that they are of.
 */
final class LiveCommits {
  private final Map<Long, Long> commits = new HashMap<>();
  private final List<Long> successes = new ArrayList<>();
  private final Map<Long, Long> toldAt = new HashMap<>();
  private final Map<Long, Long> liveAt = new HashMap<>();

  LiveCommits(List<Entry> entries, String environment) {
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Created created -> commits.put(created.deployment(), created.commit());
        case Over over
            when over.environment().equals(environment)
                && over.outcome() == Outcome.LIVE
                && !successes.contains(over.deployment()) -> {
          successes.add(over.deployment());
          liveAt.put(over.deployment(), entry.at());
        }
        case Posted status when status.state().equals("success") ->
            toldAt.putIfAbsent(status.deployment(), entry.at());
        default -> {
          // changes nothing that is live
        }
      }
    }
    // What went live and is told as an error is nothing to go back to
    successes.removeIf(deployment -> !toldAt.containsKey(deployment));
  }

  private long commit(long deployment) {
    return commits.getOrDefault(deployment, deployment);
  }

  /**
   * Whether a deployment that was created for a rollback has a commit that it may have. Deploys of
   * an environment come one after another, so the order in which they went live is known; that
   * Slipway knew of it is so at the latest when it tells.
   *
   * @param created nanoseconds of the machine's clock
   */
  boolean mayBe(Acts.History rollback, Created one, long created) {
    long to = rollback.asked().deployment();
    if (to != 0) {
      return one.commit() == commit(to);
    }
    int known =
        IntStream.range(0, successes.size())
            .filter(i -> toldAt(i) < rollback.firstAsked())
            .max()
            .orElse(-1);
    return IntStream.range(0, successes.size())
        .filter(i -> i >= known)
        .filter(i -> i == known || liveAt(i) < created)
        .mapToObj(i -> before(successes.get(i)))
        .anyMatch(commit -> commit.isPresent() && commit.getAsLong() == one.commit());
  }

  private long toldAt(int index) {
    return toldAt.getOrDefault(successes.get(index), Long.MAX_VALUE);
  }

  private long liveAt(int index) {
    return liveAt.getOrDefault(successes.get(index), Long.MAX_VALUE);
  }

  /** The commit that was live before that of this deployment was live for the first time. */
  private OptionalLong before(long deployment) {
    long commit = commit(deployment);
    int first = successes.indexOf(commit);
    return successes.stream()
        .limit(Math.max(0, first))
        .map(this::commit)
        .filter(other -> other != commit)
        .mapToLong(Long::longValue)
        .reduce((_, last) -> last);
  }
}
