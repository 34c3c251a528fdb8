package dev.slipway.store;

import dev.slipway.model.QueueMember;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores deliveries and deployments that come in. One {@link #record} is one transaction: the
 * delivery, its decision, the deployment, its run and its first status are on disk together or not
 * at all.
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
                IntakeTransaction transaction = new IntakeTransaction(sql, linkLife);
                T decided = decision.apply(transaction);
                List<HandedOverRun> started =
                    handover.take(sql, transaction.queues().values(), transaction::made);
                transaction.flush();
                return new Result<>(decided, transaction, started);
              },
              PATIENCE);
      handover.begin(result.started());
      signal(result.transaction());
      replaceRest(result.transaction());
      return result.decided();
    }
  }

  private record Result<T>(T decided, IntakeTransaction transaction, List<HandedOverRun> started) {}

  /** The decision is on disk, so a failure here must not change the answer. */
  private void replaceRest(IntakeTransaction transaction) {
    transaction
        .queues()
        .forEach(
            (queueKey, queue) -> {
              try {
                queue.rest().ifPresent(rest -> replace(queueKey, rest));
              } catch (StoreException e) {
                LOG.warn(
                    "Some runs that wait in queue {} stay there until the next one replaces them:"
                        + " {}",
                    queueKey,
                    e.getMessage());
              }
            });
  }

  /** Continues a replacement that was too much for one transaction. */
  private void replace(String queueKey, RunQueue.Rest first) {
    Optional<RunQueue.Rest> rest = Optional.of(first);
    while (rest.isPresent()) {
      RunQueue.Rest those = rest.get();
      IntakeTransaction committed =
          database.write(
              sql -> {
                IntakeTransaction transaction = new IntakeTransaction(sql, linkLife);
                RunQueue queue = transaction.lockQueue(queueKey);
                List<QueueMember> _ = queue.replaceWaiting(those);
                queue.updateStatuses(those.at());
                transaction.flush();
                return transaction;
              });
      signal(committed);
      rest = committed.lockQueue(queueKey).rest();
    }
  }

  /** Wakes those threads that have something to do now. */
  private void signal(IntakeTransaction transaction) {
    CommitNotifier notifier = database.notifier();
    for (RunQueue queue : transaction.queues().values()) {
      queue.changedDeployments().forEach(id -> notifier.signal(CommitNotifier.deployment(id)));
    }
    if (transaction.queues().values().stream().anyMatch(RunQueue::hasRunToTake)) {
      notifier.signal(CommitNotifier.QUEUE);
    }
    if (transaction.hasNewStatus()) {
      notifier.signal(CommitNotifier.OUTBOX);
    }
  }

  /** The order of the API that was accepted with this GUID. */
  public Optional<AcceptedOrder> findOrder(String guid) {
    return database.read(sql -> AcceptedOrder.find(sql, guid));
  }

  /**
   * Records that GitHub is about to be asked to create the deployment of this order.
   *
   * @return whether it is the first time; otherwise GitHub may have created it
   */
  public boolean beginGithubOrder(String guid, Instant now) {
    return database.write(
            sql ->
                sql.update(
                    "insert into github_order (guid, asked_at) values (?, ?) on conflict do"
                        + " nothing",
                    guid,
                    now))
        == 1;
  }

  /** Whether GitHub may have been asked to create what this order wants. */
  public boolean hasBegunGithubOrder(String guid) {
    return database
        .read(
            sql ->
                sql.first(
                    row -> row.text("guid"), "select guid from github_order where guid = ?", guid))
        .isPresent();
  }

  /** GitHub surely created nothing, so it may be asked again. */
  public void forgetGithubOrder(String guid) {
    int _ = database.write(sql -> sql.update("delete from github_order where guid = ?", guid));
  }
}
