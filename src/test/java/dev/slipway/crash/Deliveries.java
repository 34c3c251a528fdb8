package dev.slipway.crash;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/** Sends what is new, again what was not answered, and again a little of what was. */
final class Deliveries {
  private static final int HANDFUL = 40;

  private final OutsideServers outside;
  private final OutsideJournal journal;
  private final URI webhook;
  private final Random random;
  private final Set<Long> answered = ConcurrentHashMap.newKeySet();
  private final List<Thread> senders = new ArrayList<>();
  private final boolean secondHook;
  private long last;

  /**
   * @param secondHook whether a second webhook tells of each deployment too
   */
  Deliveries(
      OutsideJournal journal,
      OutsideServers outside,
      URI webhook,
      Random random,
      boolean secondHook) {
    this.journal = journal;
    this.outside = outside;
    this.webhook = webhook;
    this.random = random;
    this.secondHook = secondHook;
  }

  /** How many deployments there are so far. */
  long deployments() {
    return last;
  }

  /** Sends the next deployment, without waiting for the answer. */
  void sendNext() {
    send(++last, false);
    if (secondHook) {
      send(last, true);
    }
  }

  /**
   * What is unanswered, as an operator would, a handful at a time; and some of what was answered.
   */
  void again(int answeredOnes) {
    LongStream.rangeClosed(1, last)
        .filter(deployment -> !answered.contains(deployment))
        .limit(HANDFUL)
        .forEach(deployment -> send(deployment, random.nextBoolean()));
    for (int i = 0; last > 0 && i < answeredOnes; i++) {
      send(1 + random.nextLong(last), random.nextBoolean());
    }
  }

  boolean areAllAnswered() {
    return answered.size() == last;
  }

  /** Waits until each was answered or cut. */
  void await() throws InterruptedException {
    for (Thread sender : senders) {
      sender.join();
    }
    senders.clear();
  }

  private void send(long deployment, boolean newGuid) {
    senders.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (outside.deliver(webhook, deployment, newGuid)) {
                      answered.add(deployment);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  /** The deployments that were accepted and have not ended, as often as they have to. */
  Set<Long> open() {
    Map<Long, Integer> due = new HashMap<>();
    for (OutsideJournal.Answered answer : journal.all(OutsideJournal.Answered.class)) {
      if (answer.isKept()) {
        due.merge(answer.deployment(), answer.decision().equals("duplicate") ? 0 : 1, Integer::sum);
      }
    }
    Set<Long> open = new HashSet<>();
    due.forEach(
        (deployment, times) -> {
          if (times > 0 || answered.contains(deployment)) {
            open.add(deployment);
          }
        });
    Map<Long, Integer> finals = new HashMap<>();
    Set<Long> going = new HashSet<>();
    for (OutsideJournal.Posted posted : journal.all(OutsideJournal.Posted.class)) {
      if (posted.isFinal()) {
        finals.merge(posted.deployment(), 1, Integer::sum);
        going.remove(posted.deployment());
      } else {
        going.add(posted.deployment());
      }
    }
    open.removeIf(id -> finals.getOrDefault(id, 0) >= Math.max(1, due.getOrDefault(id, 1)));
    open.addAll(going);
    return open;
  }
}
