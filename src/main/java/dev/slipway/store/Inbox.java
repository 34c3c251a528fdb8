package dev.slipway.store;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Position;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Where deliveries and deployments come in. One {@link #record} is one transaction: the delivery,
 * its decision, the deployment, its run and its first status are on disk together or not at all.
 */
public final class Inbox {
  private final Database database;
  private final Duration linkLife;

  /**
   * @param linkLife how long the links to a deployment's log page work, from its acceptance
   */
  public Inbox(Database database, Duration linkLife) {
    this.database = database;
    this.linkLife = linkLife;
  }

  /** What is already known of a deployment. */
  public record Known(StoredDeployment deployment, StoredRun run) {}

  /**
   * Whose run is to join a line.
   *
   * @param id our number of the deployment
   * @param number of the run: 1 for its first
   */
  public record Ticket(long id, int number, Deployment deployment) {}

  /**
   * Runs the decision as one transaction.
   *
   * @throws StoreException when it could not be kept; then nothing of it was
   */
  public <T> T record(Function<Ledger, T> decision) {
    Set<Long> touched = new HashSet<>();
    T result =
        database.write(
            sql -> {
              Ledger ledger = new Ledger(sql, linkLife, database.isExclusive());
              T decided = decision.apply(ledger);
              ledger.queues.values().forEach(queue -> touched.addAll(queue.touched()));
              return decided;
            });
    touched.forEach(id -> database.bell().ring(Bell.deployment(id)));
    database.bell().ring(Bell.LINE);
    database.bell().ring(Bell.OUTBOX);
    return result;
  }

  /** The open books of one transaction. */
  public static final class Ledger {
    private final Sql sql;
    private final Duration linkLife;
    private final boolean exclusive;
    private final Map<String, Queue> queues = new HashMap<>();

    private Ledger(Sql sql, Duration linkLife, boolean exclusive) {
      this.sql = sql;
      this.linkLife = linkLife;
      this.exclusive = exclusive;
    }

    /** Keeps everybody else out of this line until the transaction ends. */
    public void hold(String lockKey) {
      Queue _ = queue(lockKey);
    }

    private Queue queue(String lockKey) {
      return queues.computeIfAbsent(lockKey, key -> run(() -> Queue.hold(sql, key, exclusive)));
    }

    /** The deployment with GitHub's identity of this one, and its last run. */
    public Optional<Known> known(Deployment deployment) {
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
                : Optional.of(new Known(stored.get(), Rows.lastRun(sql, stored.get().id())));
          });
    }

    /**
     * The newest accepted deployment of the same environment and task, if it is newer than this
     * one. What was called off before it could start does not count.
     */
    public OptionalLong newerThan(Deployment deployment) {
      Long own = deployment.githubId();
      long newest =
          run(
              () ->
                  sql.number(
                      """
                      select coalesce(max(d.github_id), 0) from deployment d where d.host = ?
                        and lower(d.repository) = lower(?) and d.environment = ? and d.task = ?
                        and exists (select 1 from run r where r.deployment_id = d.id
                          and (r.started_at is not null or r.end_word is null
                            or r.end_word <> 'cancelled'))
                      """,
                      deployment.repository().host(),
                      deployment.repository().fullName(),
                      deployment.environment().name(),
                      deployment.task()));
      return own != null && newest > own ? OptionalLong.of(newest) : OptionalLong.empty();
    }

    /** Keeps a deployment; the answer is our number of it. */
    public long add(Deployment deployment, Instant now) {
      return run(
          () ->
              sql.insert(
                  """
                  insert into deployment (host, repository_id, repository, github_id, sha, ref,
                    environment, passing, production, task, payload, description, creator,
                    created_at, accepted_at, link_expires_at)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                  """,
                  deployment.repository().host(),
                  deployment.repository().id(),
                  deployment.repository().fullName(),
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
                  now.plus(linkLife)));
    }

    /** Who holds the line up: one that runs or waits; empty if nobody does. */
    public Optional<String> first(Deployment newcomer, String lockKey) {
      return run(() -> queue(lockKey).first(newcomer));
    }

    /** Puts a run of the deployment at the end of the route's line. */
    public Position join(Ticket ticket, Route route, String lockKey, Instant now) {
      return run(() -> queue(lockKey).join(ticket, route, now));
    }

    /** Keeps a run that does not join the line, with its end and its final status. */
    public void turnAway(Ticket ticket, Route route, String lockKey, End end, Instant now) {
      run(
          () -> {
            queue(lockKey).turnAway(ticket, route, end, now);
            return 0;
          });
    }

    /**
     * Ends the older ones of the same environment and task that wait in this line.
     *
     * @return what people call them
     */
    public List<String> replaceWaiting(Ticket ticket, String lockKey, Instant now) {
      return run(() -> queue(lockKey).replaceWaiting(ticket, now));
    }

    /**
     * Asks the older one of the same environment and task that runs in this line to stop.
     *
     * @return what people call it
     */
    public List<String> stopRunning(Ticket ticket, String lockKey, Instant now) {
      return run(() -> queue(lockKey).stopRunning(ticket, now));
    }

    /** Tells those who wait in this line where they are now. */
    public void tell(String lockKey, Instant now) {
      run(
          () -> {
            queue(lockKey).tell(now);
            return 0;
          });
    }

    /** Adds a status to the outbox. */
    public void status(long deploymentId, int run, Status status, Instant now) {
      run(() -> Rows.addStatus(sql, deploymentId, run, status, now));
    }

    /** Keeps the delivery with what was decided about it. */
    public void delivery(Delivery delivery, Decision decision) {
      Long deploymentId =
          decision instanceof Decision.OfDeployment known ? known.deploymentId() : null;
      run(
          () ->
              sql.update(
                  """
                  insert into delivery (guid, event, source, secret, digest, received_at, decision,
                    reason, deployment_id)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """,
                  delivery.guid(),
                  delivery.event(),
                  delivery.source(),
                  delivery.secret(),
                  delivery.digest(),
                  delivery.receivedAt(),
                  decision.code(),
                  decision.reason(),
                  deploymentId));
    }

    /** Keeps of which deployment a delivery told that was turned away. */
    public void turnedAway(Delivery delivery, Deployment deployment) {
      run(
          () ->
              sql.update(
                  "update delivery set host = ?, github_id = ? where guid = ?",
                  deployment.repository().host(),
                  deployment.githubId(),
                  delivery.guid()));
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
