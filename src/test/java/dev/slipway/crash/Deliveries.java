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
import java.util.stream.Collectors;

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
  private final List<Long> sent = new ArrayList<>();
  private final Set<Long> ordered = new HashSet<>();

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

  /** How many deployments there are so far, without those that Slipway had GitHub create. */
  int deployments() {
    return sent.size() - ordered.size();
  }

  /** Sends the next deployment, without waiting for the answer. */
  void sendNext() {
    long next = outside.nextId();
    sent.add(next);
    send(next, false);
    if (secondHook) {
      send(next, true);
    }
  }

  /**
   * From now on sends what GitHub created for orders, too. Of those whose order was answered only
   * every second one, for it has to run without.
   */
  private void followOrders() {
    Set<Long> answers =
        journal.all(OutsideJournal.Replied.class).stream()
            .filter(OutsideJournal.Replied::isAcknowledged)
            .map(OutsideJournal.Replied::deployment)
            .collect(Collectors.toSet());
    journal.all(OutsideJournal.Created.class).stream()
        .map(OutsideJournal.Created::deployment)
        .filter(deployment -> deployment % 2 == 0 || !answers.contains(deployment))
        .filter(ordered::add)
        .forEach(sent::add);
  }

  /**
   * What is unanswered, as an operator would, a handful at a time; and some of what was answered.
   */
  void again(int answeredOnes) {
    followOrders();
    sent.stream()
        .filter(deployment -> !answered.contains(deployment))
        .limit(HANDFUL)
        .forEach(this::sendAgain);
    for (int i = 0; !sent.isEmpty() && i < answeredOnes; i++) {
      sendAgain(sent.get(random.nextInt(sent.size())));
    }
  }

  /**
   * The same delivery again would be a retry of a deployment that repeats another one's commit, and
   * then nobody outside could tell whose deploy it is.
   */
  private void sendAgain(long deployment) {
    boolean newGuid = random.nextBoolean();
    send(deployment, newGuid || ordered.contains(deployment));
  }

  boolean areAllAnswered() {
    return answered.size() == sent.size();
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
    for (OutsideJournal.Replied reply : journal.all(OutsideJournal.Replied.class)) {
      if (reply.isAcknowledged() && reply.act() == OutsideJournal.Act.RETRY) {
        due.merge(reply.deployment(), 1, Integer::sum);
      } else if (reply.isAcknowledged() && reply.act() == OutsideJournal.Act.ROLLBACK) {
        due.merge(reply.deployment(), 1, Math::max);
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
