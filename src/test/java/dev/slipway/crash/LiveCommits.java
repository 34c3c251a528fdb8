package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Created;
import dev.slipway.crash.OutsideJournal.Entry;
import dev.slipway.crash.OutsideJournal.Outcome;
import dev.slipway.crash.OutsideJournal.Over;
import dev.slipway.crash.OutsideJournal.Posted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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
    Set<Long> here = new HashSet<>();
    for (Entry entry : entries) {
      switch (entry.seen()) {
        case Created created -> commits.put(created.deployment(), created.commit());
        case Over over when over.environment().equals(environment) -> {
          here.add(over.deployment());
          if (over.outcome() == Outcome.LIVE) {
            liveAt.putIfAbsent(over.deployment(), entry.at());
          }
        }
        case Posted status when status.state().equals("success") -> {
          if (here.contains(status.deployment())
              && toldAt.putIfAbsent(status.deployment(), entry.at()) == null) {
            successes.add(status.deployment());
          }
        }
        default -> {
          // changes nothing that is live
        }
      }
    }
  }

  private long commit(long deployment) {
    return commits.getOrDefault(deployment, deployment);
  }

  /**
   * Whether a deployment that was created for a rollback has a commit that it may have. What was
   * live is known up to the time that a success takes to GitHub.
   *
   * @param created nanoseconds of the machine's clock
   */
  boolean mayBe(Acts.History rollback, Created one, long created) {
    long to = rollback.asked().deployment();
    if (to != 0) {
      return one.commit() == commit(to);
    }
    int told =
        (int) successes.stream().filter(each -> toldAt.get(each) < rollback.firstAsked()).count();
    return IntStream.range(0, successes.size())
        .filter(i -> i >= told - 1)
        .filter(i -> i == told - 1 || liveAt.getOrDefault(successes.get(i), 0L) < created)
        .mapToObj(i -> before(successes.get(i)))
        .anyMatch(commit -> commit.isPresent() && commit.getAsLong() == one.commit());
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
