package dev.slipway.store;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
   * An order of the API that was taken.
   *
   * @param digest of its body
   */
  public record AcceptedOrder(String digest, Decision.OfDeployment decision) {
    static AcceptedOrder of(Sql.Columns row) throws SQLException {
      long id = row.number("deployment_id");
      String reason = row.text("reason");
      return new AcceptedOrder(
          row.text("digest"),
          switch (row.text("decision")) {
            case "accepted" -> new Decision.Accepted(id, reason);
            case "retried" -> new Decision.Retried(id, reason);
            case "locked" -> new Decision.Locked(id, reason);
            default -> new Decision.Duplicate(id, reason);
          });
    }

    /** The decision that was made, if the body is the same. */
    public Decision again(String digestNow) {
      return digestNow.equals(digest)
          ? decision
          : new Decision.Invalid(
              "the Idempotency-Key was used for another body: send a new key with a new order");
    }
  }

  /** What is already known of a deployment. */
  public record KnownDeployment(StoredDeployment deployment, StoredRun run) {}

  /**
   * Whose run is to join a line.
   *
   * @param id our number of the deployment
   * @param number of the run: 1 for its first
   */
  public record QueueEntry(long id, int number, Deployment deployment) {}

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
                IntakeTransaction ledger =
                    new IntakeTransaction(sql, linkLife, database.isExclusive());
                T decided = decision.apply(ledger);
                List<Runs.HandedOverRun> started =
                    handover.take(sql, ledger.queues.values(), ledger::made);
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

  private record Result<T>(T decided, IntakeTransaction ledger, List<Runs.HandedOverRun> started) {}

  /** The decision is on disk: whatever happens here, it is to be told as it was made. */
  private void replaceRest(IntakeTransaction ledger) {
    ledger.queues.forEach(
        (lockKey, queue) -> {
          try {
            queue.rest().ifPresent(rest -> replace(lockKey, rest, ledger.latest));
          } catch (StoreException e) {
            LOG.warn(
                "Some that wait in line {} stay there until the next one replaces them: {}",
                lockKey,
                e.getMessage());
          }
        });
  }

  /** Goes on with what was too much for one transaction. */
  private void replace(String lockKey, RunQueue.Rest first, Instant now) {
    Optional<RunQueue.Rest> rest = Optional.of(first);
    while (rest.isPresent()) {
      RunQueue.Rest those = rest.get();
      IntakeTransaction ledger =
          database.write(
              sql -> {
                IntakeTransaction books =
                    new IntakeTransaction(sql, linkLife, database.isExclusive());
                RunQueue queue = books.queue(lockKey);
                List<String> _ = queue.replaceWaiting(those, now);
                queue.updateStatuses(now);
                books.close();
                return books;
              });
      signal(ledger);
      rest = ledger.queue(lockKey).rest();
    }
  }

  /** Wakes only those that have something to do now. */
  private void signal(IntakeTransaction ledger) {
    CommitNotifier bell = database.notifier();
    for (RunQueue queue : ledger.queues.values()) {
      queue.changedDeployments().forEach(id -> bell.signal(CommitNotifier.deployment(id)));
    }
    if (ledger.queues.values().stream().anyMatch(RunQueue::hasRunToTake)) {
      bell.signal(CommitNotifier.QUEUE);
    }
    if (ledger.hasNewStatus || ledger.queues.values().stream().anyMatch(RunQueue::hasNewStatus)) {
      bell.signal(CommitNotifier.OUTBOX);
    }
  }

  /** The order of the API that was taken with this GUID. */
  public Optional<AcceptedOrder> findOrder(String guid) {
    return database.read(sql -> findOrder(sql, guid));
  }

  private static Optional<AcceptedOrder> findOrder(Sql sql, String guid) throws SQLException {
    return sql.first(
        AcceptedOrder::of,
        """
        select digest, decision, reason, deployment_id from delivery
          where guid = ? and source = ? and deployment_id is not null order by id
        """,
        guid,
        DeliverySource.API.code());
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

  /** The open books of one transaction. */
  public static final class IntakeTransaction {
    private final Sql sql;
    private final Duration linkLife;
    private final boolean exclusive;
    private final Map<String, RunQueue> queues = new HashMap<>();
    private final CounterChanges counts = new CounterChanges();
    private final Map<Long, Runs.NewDeployment> made = new HashMap<>();
    private boolean hasNewStatus;
    private Instant latest = Instant.EPOCH;
    private @Nullable Deployment asked;
    private Optional<EnvironmentTask> environmentTask = Optional.empty();
    private final SortedMap<String, Instant> secretsUsed = new TreeMap<>();

    private IntakeTransaction(Sql sql, Duration linkLife, boolean exclusive) {
      this.sql = sql;
      this.linkLife = linkLife;
      this.exclusive = exclusive;
    }

    private void close() throws SQLException {
      for (RunQueue queue : queues.values()) {
        queue.save();
      }
      for (var used : secretsUsed.entrySet()) {
        WebhookSecrets.recordUse(sql, used.getKey(), used.getValue());
      }
      counts.write(sql, exclusive);
    }

    /** Keeps everybody else out of this line until the transaction ends. */
    public void lock(String lockKey) {
      RunQueue _ = queue(lockKey);
    }

    private RunQueue queue(String lockKey) {
      return queues.computeIfAbsent(
          lockKey, key -> run(() -> RunQueue.lock(sql, key, counts, exclusive)));
    }

    /** The deployment with GitHub's identity of this one, and its last run. */
    public Optional<KnownDeployment> findDeployment(Deployment deployment) {
      return run(
          () -> {
            Optional<StoredDeployment> stored =
                sql.first(
                    StoredDeployment::of,
                    "select * from deployment where host = ? and github_id = ?",
                    deployment.repository().host(),
                    deployment.githubId());
            return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new KnownDeployment(
                        stored.get(), SharedStatements.lastRun(sql, stored.get().id())));
          });
    }

    /**
     * The newest deployment of the same environment and task that joined a line, if it is newer
     * than this one; also when it was removed since.
     */
    public OptionalLong newerThan(Deployment deployment) {
      Long own = deployment.githubId();
      long newest = environmentTask(deployment).map(EnvironmentTask::newest).orElse(0L);
      return own != null && newest > own ? OptionalLong.of(newest) : OptionalLong.empty();
    }

    /**
     * Whether this deployment, or a newer one of the same environment and task, was removed for its
     * age.
     */
    public boolean isRemoved(Deployment deployment) {
      Long own = deployment.githubId();
      return own != null
          && environmentTask(deployment).map(EnvironmentTask::recordRemoved).orElse(0L) >= own;
    }

    private Optional<EnvironmentTask> environmentTask(Deployment deployment) {
      if (!deployment.equals(asked)) {
        environmentTask = run(() -> EnvironmentTask.find(sql, deployment));
        asked = deployment;
      }
      return environmentTask;
    }

    /** Keeps a deployment; the answer is our number of it. */
    public long addDeployment(Deployment deployment, Instant now) {
      return run(
          () -> {
            Optional<EnvironmentTask> known = environmentTask(deployment);
            long environmentTask =
                known.isPresent() ? known.get().id() : EnvironmentTask.create(sql, deployment).id();
            ReconcileState.add(sql, deployment, now);
            long id =
                sql.insert(
                    """
                insert into deployment (host, repository_id, repository, repository_key,
                  environment_task_id, github_id, sha, ref, environment, passing, production, task,
                  payload, description, creator, created_at, accepted_at, link_expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                """,
                    deployment.repository().host(),
                    deployment.repository().id(),
                    deployment.repository().fullName(),
                    EnvironmentTask.key(deployment.repository()),
                    environmentTask,
                    deployment.githubId(),
                    deployment.sha(),
                    deployment.ref(),
                    deployment.environment().name(),
                    deployment.environment().passing(),
                    deployment.environment().production(),
                    deployment.task(),
                    deployment.payload(),
                    deployment.description(),
                    deployment.creator(),
                    deployment.createdAt(),
                    now,
                    now.plus(linkLife));
            if (isKeptAsItIs(deployment)) {
              made.put(
                  id,
                  new Runs.NewDeployment(
                      new StoredDeployment(
                          id, deployment, millis(now), 0, millis(now.plus(linkLife))),
                      null));
            }
            return id;
          });
    }

    private Optional<Runs.NewDeployment> made(long deploymentId) {
      return Optional.ofNullable(made.get(deploymentId));
    }

    /** What a database does not take as it is has to be read to be known. */
    private static boolean isKeptAsItIs(Deployment deployment) {
      return deployment.createdAt().equals(millis(deployment.createdAt()))
          && Stream.of(
                  deployment.repository().host(),
                  deployment.repository().fullName(),
                  Objects.requireNonNullElse(deployment.sha(), ""),
                  deployment.ref(),
                  deployment.environment().name(),
                  deployment.task(),
                  deployment.payload(),
                  deployment.description(),
                  deployment.creator())
              .allMatch(Sql::isStorable);
    }

    private static Instant millis(Instant at) {
      return at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Who holds the line up: one that runs or waits; empty if nobody does. */
    public Optional<String> firstInQueue(Deployment newcomer, String lockKey) {
      return run(() -> queue(lockKey).firstInQueue(newcomer));
    }

    /** Puts a run of the deployment at the end of the route's line. */
    public QueuePosition enqueue(QueueEntry ticket, Route route, String lockKey, Instant now) {
      // It changes by that
      asked = null;
      return run(
          () -> {
            if (ticket.number() > 1) {
              // The links that come with the new run live as long as those of the first did
              sql.update(
                  "update deployment set link_expires_at = ? where id = ?",
                  now.plus(linkLife),
                  ticket.id());
            }
            return queue(lockKey).enqueue(ticket, route, now);
          });
    }

    /** Keeps a run that does not join the line, with its end and its final status. */
    public void reject(QueueEntry ticket, Route route, String lockKey, End end, Instant now) {
      run(
          () -> {
            queue(lockKey).reject(ticket, route, end, now);
            return 0;
          });
    }

    /**
     * Ends the older ones of the same environment and task that wait in this line. Of very many
     * only some end within this transaction, the others right behind it.
     *
     * @return what people call those that ended
     */
    public List<String> replaceWaiting(QueueEntry ticket, String lockKey, Instant now) {
      latest = now;
      return run(() -> queue(lockKey).replaceWaiting(ticket, now));
    }

    /**
     * Asks the older one of the same environment and task that runs in this line to stop.
     *
     * @return what people call it
     */
    public List<String> stopRunning(QueueEntry ticket, String lockKey, Instant now) {
      return run(() -> queue(lockKey).stopRunning(ticket, now));
    }

    /** Tells those who wait in this line where they are now. */
    public void updateStatuses(String lockKey, Instant now) {
      run(
          () -> {
            queue(lockKey).updateStatuses(now);
            return 0;
          });
    }

    /** The order of the API that was taken with this GUID. */
    public Optional<AcceptedOrder> findOrder(String guid) {
      return run(() -> Inbox.findOrder(sql, guid));
    }

    /** Adds a status to the outbox. */
    public void addStatus(long deploymentId, int run, Status status, Instant now) {
      hasNewStatus = true;
      run(() -> SharedStatements.addStatus(sql, deploymentId, run, status, now));
      made.computeIfPresent(
          deploymentId, (_, known) -> new Runs.NewDeployment(known.deployment(), status.state()));
    }

    /**
     * Whether this delivery came before from the same hook, and the decision was about this
     * deployment.
     */
    public boolean isRedelivery(Delivery delivery, long deploymentId) {
      return run(() ->
              sql.first(
                  columns -> columns.number("id"),
                  "select id from delivery where guid = ? and deployment_id = ? and hook = ? limit 1",
                  delivery.guid(),
                  deploymentId,
                  delivery.hook()))
          .isPresent();
    }

    /**
     * Counts deliveries of one source and decision, signed with one webhook secret; nothing else is
     * kept of them.
     *
     * @param secret its name; empty where none signed them
     * @param last when the last of them was received
     */
    public void countDeliveries(
        DeliverySource source, Decision.Kind decision, long number, String secret, Instant last) {
      counts.add(Counters.CounterKind.DELIVERY, source.code(), decision.code(), number);
      if (!secret.isEmpty()) {
        secretsUsed.put(secret, last);
      }
    }

    /** Keeps the delivery with what was decided about it. */
    public void addDelivery(Delivery delivery, Decision decision) {
      keep(delivery, decision, null);
    }

    /** Keeps a delivery whose deployment was turned away, and which deployment that was. */
    public void addRejectedDelivery(Delivery delivery, Decision decision, Deployment deployment) {
      keep(delivery, decision, deployment);
    }

    private void keep(Delivery delivery, Decision decision, @Nullable Deployment turnedAway) {
      countDeliveries(
          delivery.source(), decision.kind(), 1, delivery.secret(), delivery.receivedAt());
      run(
          () ->
              sql.update(
                  """
                  insert into delivery (guid, event, source, secret, digest, received_at, decision,
                    reason, deployment_id, host, github_id, hook)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """,
                  delivery.guid(),
                  delivery.event(),
                  delivery.source().code(),
                  delivery.secret(),
                  delivery.digest(),
                  delivery.receivedAt(),
                  decision.kind().code(),
                  decision.reason(),
                  decision instanceof Decision.OfDeployment known ? known.deploymentId() : null,
                  turnedAway == null ? null : turnedAway.repository().host(),
                  turnedAway == null ? null : turnedAway.githubId(),
                  delivery.hook()));
    }

    private interface Statement<T> {
      T run() throws SQLException;
    }

    private static <T> T run(Statement<T> statement) {
      try {
        return statement.run();
      } catch (SQLException e) {
        throw new StoreException("The database cannot be written: " + e.getMessage(), e);
      }
    }
  }
}
