package dev.slipway.store;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.CleanText;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.Fact;
import dev.slipway.model.Hold;
import dev.slipway.model.Repository;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reads and writes of one transaction of the intake. Its counts, and the rows of the queues
 * that it has locked, are written at its end.
 */
public final class IntakeTransaction {
  private final Sql sql;
  private final Duration linkLife;
  private final Map<String, RunQueue> queues = new HashMap<>();
  private final CounterChanges counts = new CounterChanges();
  private final Map<Long, NewDeployment> made = new HashMap<>();
  private boolean hasNewStatus;
  private @Nullable Deployment asked;
  private Optional<EnvironmentTask> environmentTask = Optional.empty();
  private final SortedMap<String, Instant> secretsUsed = new TreeMap<>();

  IntakeTransaction(Sql sql, Duration linkLife) {
    this.sql = sql;
    this.linkLife = linkLife;
  }

  /** Writes counts and queues; to be called last. */
  void flush() throws SQLException {
    for (RunQueue queue : queues.values()) {
      queue.save();
    }
    for (var used : secretsUsed.entrySet()) {
      WebhookSecrets.recordUse(sql, used.getKey(), used.getValue());
    }
    counts.write(sql);
  }

  /** The queues that it has locked, by their keys. */
  Map<String, RunQueue> queues() {
    return queues;
  }

  /** Whether a status was added that is to be posted. */
  boolean hasNewStatus() {
    return hasNewStatus || queues.values().stream().anyMatch(RunQueue::hasNewStatus);
  }

  /** Locks the queue with this key until the transaction ends. */
  public RunQueue lockQueue(String queueKey) {
    return queues.computeIfAbsent(
        queueKey, key -> StoreException.unchecked(() -> RunQueue.lock(sql, key, counts)));
  }

  /** The deployment with GitHub's identity of this one, and its last run. */
  public Optional<ExistingDeployment> findDeployment(Deployment deployment) {
    return StoreException.unchecked(
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
                  new ExistingDeployment(
                      stored.get(), SharedStatements.lastRun(sql, stored.get().id())));
        });
  }

  /** The deployments that made the transient environments of a repository, the last of each. */
  public List<StoredDeployment> transientEnvironments(Repository repository) {
    return StoreException.unchecked(() -> StandingEnvironments.of(sql, repository));
  }

  /** Whether the environment of this deployment may stand, and no other one to it joined later. */
  public boolean isNewestOfTransient(StoredDeployment stored) {
    return StoreException.unchecked(
        () -> StandingEnvironments.isNewest(sql, stored.id(), stored.deployment()));
  }

  /** The deployment with our number, and its last run. */
  public Optional<ExistingDeployment> findDeployment(long id) {
    return StoreException.unchecked(
        () -> {
          Optional<StoredDeployment> stored =
              sql.first(StoredDeployment::of, "select * from deployment where id = ?", id);
          return stored.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new ExistingDeployment(stored.get(), SharedStatements.lastRun(sql, id)));
        });
  }

  /**
   * The deployment that is live in the environment of this one, if it came to us later. It stands
   * for the newest where GitHub gave no numbers to compare.
   */
  public OptionalLong liveAfter(long deploymentId, Deployment deployment) {
    return deployment.githubId() != null
        ? OptionalLong.empty()
        : StoreException.unchecked(
            () ->
                sql.first(
                        columns -> OptionalLong.of(columns.number("deployment_id")),
                        "select deployment_id from live_commit"
                            + " where host = ? and repository_key = ? and environment_key = ?",
                        deployment.repository().host(),
                        EnvironmentTask.key(deployment.repository()),
                        EnvironmentTask.key(deployment.environment()))
                    .filter(live -> live.getAsLong() > deploymentId)
                    .orElse(OptionalLong.empty()));
  }

  /** Adds an act to the audit. */
  public void audit(AuditEntry entry) {
    StoreException.unchecked(
        () -> {
          AuditLog.add(sql, entry);
          return entry;
        });
  }

  /** Keeps that a ChatOps task has done something to this deployment. */
  public void recordAct(ChatOpsAct act, long deploymentId) {
    ChatOpsAct _ =
        StoreException.unchecked(
            () -> {
              act.record(sql, deploymentId);
              return act;
            });
  }

  /**
   * Ends the last run of the deployment if it waits, and requests that it stops if it runs.
   *
   * @return what came of it; empty when there is no such deployment
   */
  public Optional<CancelResult> cancel(long deploymentId, Fact.CancelRequested request) {
    return findDeployment(deploymentId)
        .map(
            existing ->
                StoreException.unchecked(
                    () ->
                        lockQueue(existing.run().queueKey()).cancel(existing.run().id(), request)));
  }

  /**
   * The newest deployment of the same environment and task that joined a queue, if it is newer than
   * this one; also when it was removed since.
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
        && environmentTask(deployment).map(EnvironmentTask::newestRemoved).orElse(0L) >= own;
  }

  /**
   * The lock for which the deployment may not start now, whoever waits before it. Where there is
   * none, none is placed until the transaction ends.
   */
  public Optional<Hold> hold(Deployment deployment, Instant now) {
    return StoreException.unchecked(
        () -> {
          EnvironmentLocks.keepOthersFromPlacing(sql);
          return EnvironmentLocks.holding(
                  sql,
                  deployment.repository().host(),
                  EnvironmentTask.key(deployment.repository()),
                  EnvironmentTask.key(deployment.environment()),
                  now)
              .map(EnvironmentLock::hold);
        });
  }

  /**
   * Lets the last run of a deployment start within freeze windows, if it waits. Its log and the
   * audit tell who did it, and why. Who repeats it changes nothing.
   *
   * @return whether it waits, or was let before; empty when there is no such deployment
   */
  public Optional<Boolean> overrideFreeze(
      long deploymentId, Actor actor, String reason, Instant now) {
    // Its log is not empty any more, so it has to be read to be known
    made.remove(deploymentId);
    return findDeployment(deploymentId)
        .map(
            existing ->
                StoreException.unchecked(
                    () ->
                        overrideFreeze(
                            existing,
                            AuditEntry.of(
                                now,
                                actor,
                                AuditEntry.Action.OVERRIDE_FREEZE,
                                deploymentId,
                                existing.deployment().deployment(),
                                reason))));
  }

  private boolean overrideFreeze(ExistingDeployment existing, AuditEntry entry)
      throws SQLException {
    String line =
        "Freeze windows are overridden by %s: %s".formatted(entry.actor().name(), entry.reason());
    RunQueue queue = lockQueue(existing.run().queueKey());
    if (queue.isFreezeOverridden(existing.run().id())) {
      return true;
    }
    boolean isWaiting =
        queue.overrideFreeze(existing.run().id(), existing.deployment().id(), line, entry.at());
    if (isWaiting) {
      AuditLog.add(sql, entry);
    }
    return isWaiting;
  }

  /** The commit that is live in an environment of the repository of a deployment. */
  public Optional<String> liveCommit(Deployment deployment, String environment) {
    return StoreException.unchecked(
        () -> DeploymentQueries.liveCommit(sql, deployment.repository(), environment));
  }

  private Optional<EnvironmentTask> environmentTask(Deployment deployment) {
    if (!deployment.equals(asked)) {
      environmentTask = StoreException.unchecked(() -> EnvironmentTask.find(sql, deployment));
      asked = deployment;
    }
    return environmentTask;
  }

  /** Adds a deployment and returns our number of it. */
  public long addDeployment(Deployment deployment, Instant now) {
    return StoreException.unchecked(
        () -> {
          Optional<EnvironmentTask> known = environmentTask(deployment);
          long environmentTask =
              known.isPresent() ? known.get().id() : EnvironmentTask.create(sql, deployment).id();
          ReconcileState.add(sql, deployment, now);
          long id =
              sql.updateReturning(
                  """
                  insert into deployment (host, repository_id, repository, repository_key,
                    installation_id, environment_task_id, github_id, sha, ref, environment,
                    transient_environment, production_environment, task,
                    payload, description, creator, created_at, accepted_at, link_expires_at)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                  """,
                  deployment.repository().host(),
                  deployment.repository().id(),
                  deployment.repository().fullName(),
                  EnvironmentTask.key(deployment.repository()),
                  deployment.repository().installation(),
                  environmentTask,
                  deployment.githubId(),
                  deployment.sha(),
                  deployment.ref(),
                  deployment.environment().name(),
                  deployment.environment().isTransient(),
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
                new NewDeployment(
                    new StoredDeployment(
                        id, deployment, millis(now), 0, millis(now.plus(linkLife))),
                    null));
          }
          return id;
        });
  }

  /** A deployment that this transaction has added, unless it has to be read to be known. */
  Optional<NewDeployment> made(long deploymentId) {
    return Optional.ofNullable(made.get(deploymentId));
  }

  /** Whether a read would return the same; a database cuts times and cleans text. */
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
            .allMatch(CleanText::isSurelyClean);
  }

  private static Instant millis(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Lets the links to the log page of a deployment work as long again as those of a new one. */
  public void renewLinks(long deploymentId, Instant now) {
    StoreException.unchecked(
        () ->
            sql.update(
                "update deployment set link_expires_at = ? where id = ?",
                now.plus(linkLife),
                deploymentId));
  }

  /** The order of the API that was accepted with this GUID. */
  public Optional<AcceptedOrder> findOrder(String guid) {
    return StoreException.unchecked(() -> AcceptedOrder.find(sql, guid));
  }

  /** Adds a status to the outbox. */
  public void addStatus(long deploymentId, int run, Status status, Instant now) {
    hasNewStatus = true;
    StoreException.unchecked(() -> SharedStatements.addStatus(sql, deploymentId, run, status, now));
    made.computeIfPresent(
        deploymentId, (_, known) -> new NewDeployment(known.deployment(), status.state()));
  }

  /**
   * Whether this delivery came before from the same hook, and the decision was about this
   * deployment.
   */
  public boolean isRedelivery(Delivery delivery, long deploymentId) {
    return StoreException.unchecked(
            () ->
                sql.first(
                    columns -> columns.number("id"),
                    "select id from delivery where guid = ? and deployment_id = ? and hook = ?"
                        + " limit 1",
                    delivery.guid(),
                    deploymentId,
                    delivery.hook()))
        .isPresent();
  }

  /** When this delivery came first from the same hook; empty when it was not kept before. */
  public Optional<Instant> firstReceived(Delivery delivery) {
    return StoreException.unchecked(
        () ->
            sql.first(
                columns -> columns.instant("received_at"),
                "select received_at from delivery where guid = ? and hook = ?"
                    + " order by guid, id limit 1",
                delivery.guid(),
                delivery.hook()));
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
    counts.add(CounterKind.DELIVERY, source.code(), decision.code(), number);
    if (!secret.isEmpty()) {
      secretsUsed.put(secret, last);
    }
  }

  /** Adds the delivery with the decision about it. */
  public void addDelivery(Delivery delivery, Decision decision) {
    keep(delivery, decision, null);
  }

  /** Adds a delivery whose deployment was rejected, with the identity of that deployment. */
  public void addRejectedDelivery(Delivery delivery, Decision decision, Deployment deployment) {
    keep(delivery, decision, deployment);
  }

  private void keep(Delivery delivery, Decision decision, @Nullable Deployment turnedAway) {
    countDeliveries(
        delivery.source(), decision.kind(), 1, delivery.secret(), delivery.receivedAt());
    StoreException.unchecked(
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
                turnedAway == null ? delivery.host() : turnedAway.repository().host(),
                turnedAway == null ? null : turnedAway.githubId(),
                delivery.hook()));
  }
}
