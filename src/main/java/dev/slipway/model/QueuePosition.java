package dev.slipway.model;

import java.util.Map;
import java.util.Optional;

/**
 * The position of a run in its queue.
 *
 * @param ahead how many are before it; the first of them runs, or is about to
 * @param first the name of that first one, {@code deployment 42}; empty if there is none
 */
public record QueuePosition(int ahead, String first) {
  /**
   * Positions behind this one are not told apart, or each end would cost a status for every run
   * that waits.
   */
  public static final int COUNTED = 10;

  private static final Map<Integer, String> ENDINGS = Map.of(1, "st", 2, "nd", 3, "rd");

  /** The position of a deployment behind others, the first of which is given. */
  public static QueuePosition behind(
      long ahead, Optional<QueueMember> first, Deployment deployment) {
    return new QueuePosition(
        (int) Math.min(ahead, Integer.MAX_VALUE),
        first
            .map(
                member ->
                    member.nameBeside(
                        deployment.repository().fullName(), deployment.environment().name()))
            .orElse(""));
  }

  /** The position of a member of a queue behind others, the first of which is given. */
  public static QueuePosition behind(long ahead, QueueMember first, QueueMember member) {
    return new QueuePosition(
        (int) ahead, first.nameBeside(member.repository(), member.environment()));
  }

  /** The status of a run that waits here. */
  public Status status() {
    return new Status(GithubState.QUEUED, sentence());
  }

  /**
   * The status that a run gets because its position has changed. It gets none when its last status
   * says the same, or when it has no {@code queued} status that would be wrong now.
   */
  public Optional<Status> changeFrom(Optional<Status> last) {
    Status next = status();
    return last.filter(told -> told.state() == GithubState.QUEUED && !told.equals(next))
        .map(_ -> next);
  }

  /** The position as a sentence. */
  public String sentence() {
    if (ahead > COUNTED) {
      return "In the queue, more than " + COUNTED + " ahead";
    }
    return ahead == 1
        ? "Next in the queue: waits for " + first
        : ordinal(ahead) + " in the queue: waits for " + first + " and " + (ahead - 1) + " more";
  }

  private static String ordinal(int number) {
    return number + ENDINGS.getOrDefault(number, "th");
  }
}
