package dev.slipway.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where deliveries and deployments come in. One {@link #record} is one transaction: the delivery,
 * its decision, the deployment, its run and its first status are on disk together or not at all.
 */
public final class Inbox {
  /** Less than the ten seconds that GitHub waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final Database database;
  private final Duration linkLife;

  /**
   * @param linkLife how long the links to a deployment's log page work, from its acceptance
   */
  public Inbox(Database database, Duration linkLife) {
    this.database = database;
    this.linkLife = linkLife;
  }

  /**
   * Runs the decision as one transaction, within 8 s or not at all.
   *
   * @throws StoreException when it could not be kept, or nobody knows whether it was: it has to
   *     come again, and does no harm then
   */
  public <T> T record(Function<IntakeTransaction, T> decision) {
    try (Handover.Batch handover = database.handover().batch()) {
      Result<T> result =
          database.write(
              sql -> {
                IntakeTransaction ledger = new IntakeTransaction(sql, linkLife);
                T decided = decision.apply(ledger);
                List<HandedOverRun> started =
                    handover.take(sql, ledger.queues().values(), ledger::made);
                ledger.close();
                return new Result<>(decided, ledger, started);
              },
              PATIENCE);
      handover.begin(result.started());
      signal(result.ledger());
      replaceRest(result.ledger());
      return result.decided();
    }
  }

  private record Result<T>(T decided, IntakeTransaction ledger, List<HandedOverRun> started) {}

  /** The decision is on disk: whatever happens here, it is to be told as it was made. */
  private void replaceRest(IntakeTransaction ledger) {
    ledger
        .queues()
        .forEach(
            (queueKey, queue) -> {
              try {
                queue.rest().ifPresent(rest -> replace(queueKey, rest, ledger.latest()));
              } catch (StoreException e) {
                LOG.warn(
                    "Some that wait in line {} stay there until the next one replaces them: {}",
                    queueKey,
                    e.getMessage());
              }
            });
  }

  /** Goes on with what was too much for one transaction. */
  private void replace(String queueKey, RunQueue.Rest first, Instant now) {
    Optional<RunQueue.Rest> rest = Optional.of(first);
    while (rest.isPresent()) {
      RunQueue.Rest those = rest.get();
      IntakeTransaction ledger =
          database.write(
              sql -> {
                IntakeTransaction books = new IntakeTransaction(sql, linkLife);
                RunQueue queue = books.queue(queueKey);
                List<String> _ = queue.replaceWaiting(those, now);
                queue.updateStatuses(now);
                books.close();
                return books;
              });
      signal(ledger);
      rest = ledger.queue(queueKey).rest();
    }
  }

  /** Wakes only those that have something to do now. */
  private void signal(IntakeTransaction ledger) {
    CommitNotifier bell = database.notifier();
    for (RunQueue queue : ledger.queues().values()) {
      queue.changedDeployments().forEach(id -> bell.signal(CommitNotifier.deployment(id)));
    }
    if (ledger.queues().values().stream().anyMatch(RunQueue::hasRunToTake)) {
      bell.signal(CommitNotifier.QUEUE);
    }
    if (ledger.hasNewStatus()) {
      bell.signal(CommitNotifier.OUTBOX);
    }
  }

  /** The order of the API that was taken with this GUID. */
  public Optional<AcceptedOrder> findOrder(String guid) {
    return database.read(sql -> AcceptedOrder.find(sql, guid));
  }

  /**
   * Keeps that GitHub is about to be asked to create what this order wants.
   *
   * @return whether it is the first time; otherwise GitHub may have created it
   */
  public boolean beginGithubOrder(String guid, Instant now) {
    return database.write(
            sql ->
                sql.update(
                    "insert into github_order (guid, asked_at) values (?, ?) on conflict do nothing",
                    guid,
                    now))
        == 1;
  }

  /** GitHub surely created nothing, so it may be asked again. */
  public void forgetGithubOrder(String guid) {
    int _ = database.write(sql -> sql.update("delete from github_order where guid = ?", guid));
  }
}
