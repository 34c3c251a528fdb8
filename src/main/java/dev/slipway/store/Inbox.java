package dev.slipway.store;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.Deployment;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
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

  /** Who is ahead in line when a run joins it. */
  public record Place(int ahead, OptionalLong behind) {}

  /**
   * Runs the decision as one transaction.
   *
   * @throws StoreException when it could not be kept; then nothing of it was
   */
  public <T> T record(Function<Ledger, T> decision) {
    T result =
        database.write(connection -> decision.apply(new Ledger(new Sql(connection), linkLife)));
    database.bell().ring(Bell.LINE);
    database.bell().ring(Bell.OUTBOX);
    return result;
  }

  /** The open books of one transaction. */
  public static final class Ledger {
    private final Sql sql;
    private final Duration linkLife;

    private Ledger(Sql sql, Duration linkLife) {
      this.sql = sql;
      this.linkLife = linkLife;
    }

    /** Keeps everybody else out of this line until the transaction ends. */
    public void hold(String lockKey) {
      run(
          () -> {
            sql.update(
                "insert into line (lock_key, joined) values (?, 0) on conflict do nothing",
                lockKey);
            return sql.update("update line set joined = joined + 1 where lock_key = ?", lockKey);
          });
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

    /** The newest accepted deployment of the same environment and task. */
    public OptionalLong newest(Deployment deployment) {
      long newest =
          run(
              () ->
                  sql.number(
                      "select coalesce(max(github_id), 0) from deployment where host = ?"
                          + " and lower(repository) = lower(?) and environment = ? and task = ?",
                      deployment.repository().host(),
                      deployment.repository().fullName(),
                      deployment.environment().name(),
                      deployment.task()));
      return newest == 0 ? OptionalLong.empty() : OptionalLong.of(newest);
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

    /** Puts a run of the deployment at the end of the route's line. */
    public Place join(long deploymentId, int number, Route route, String lockKey, Instant now) {
      return run(
          () -> {
            Place place = placeIn(lockKey);
            sql.update(
                "update deployment set log_removed_at = null"
                    + " where id = ? and log_removed_at is not null",
                deploymentId);
            sql.update(
                """
                insert into run (deployment_id, number, route, chain, lock_key, state, queued_at,
                  fence)
                values (?, ?, ?, ?, ?, 'queued', ?, 0)
                """,
                deploymentId,
                number,
                route.name(),
                String.join(",", route.chain()),
                lockKey,
                now);
            return place;
          });
    }

    private Place placeIn(String lockKey) throws SQLException {
      String ahead = " from run where lock_key = ? and state in ('queued', 'running')";
      long count = sql.number("select count(*)" + ahead, lockKey);
      return new Place(
          (int) count,
          count == 0
              ? OptionalLong.empty()
              : OptionalLong.of(
                  sql.number(
                      "select deployment_id" + ahead + " order by id desc limit 1", lockKey)));
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
