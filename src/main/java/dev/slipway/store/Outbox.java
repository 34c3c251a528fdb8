package dev.slipway.store;

import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that GitHub has not got yet. They leave in the order of their making within a
 * deployment: a status is handed out only when none before it waits.
 */
public final class Outbox {
  private static final String WAITING =
      " s.posted_at is null and s.given_up_at is null and d.github_id is not null ";

  private static final String FIRST =
      """
      and not exists (select 1 from status o where o.deployment_id = s.deployment_id
        and o.id < s.id and o.posted_at is null and o.given_up_at is null)
      """;

  private final Database database;
  private final Duration hold;

  /**
   * @param hold how long a status that was handed out is kept from others
   */
  public Outbox(Database database, Duration hold) {
    this.database = database;
    this.hold = hold;
  }

  /**
   * A status to be posted now.
   *
   * @param tries how often it was handed out before
   * @param doubt GitHub may have it already: an earlier post was not answered
   * @param known GitHub's ids of this deployment's statuses that are known to be ours
   */
  public record Outgoing(
      long id,
      StoredDeployment deployment,
      Status status,
      Instant createdAt,
      int tries,
      boolean doubt,
      List<Long> known) {}

  /** How much waits. */
  public record Backlog(int waiting, @Nullable Instant oldest, @Nullable String problem) {}

  /** Hands out the next status that is due, and marks it as being sent. */
  public Optional<Outgoing> next(Instant now) {
    return database.write(
        connection -> {
          Sql sql = new Sql(connection);
          Optional<Outgoing> next =
              sql.first(
                  columns ->
                      new Outgoing(
                          columns.number("status_id"),
                          StoredDeployment.of(columns),
                          new Status(
                              GithubState.valueOf(columns.text("status_state")),
                              columns.text("status_description"),
                              columns.optionalUri("status_url")),
                          columns.instant("status_created_at"),
                          (int) columns.number("tries"),
                          columns.flag("doubt"),
                          List.of()),
                  """
                  select d.*, s.id as status_id, s.state as status_state,
                    s.description as status_description, s.environment_url as status_url,
                    s.created_at as status_created_at, s.tries, s.doubt
                  from status s join deployment d on d.id = s.deployment_id
                  where s.due_at <= ? and s.held_until <= ? and
                  """
                      + WAITING
                      + FIRST
                      + " order by s.due_at, s.id limit 1 "
                      + (database.isExclusive() ? "" : "for update of s skip locked"),
                  now,
                  now);
          if (next.isEmpty()) {
            return Optional.empty();
          }
          Outgoing outgoing = next.get();
          sql.update(
              "update status set tries = tries + 1, doubt = 1, held_until = ? where id = ?",
              now.plus(hold),
              outgoing.id());
          List<Long> known =
              sql.list(
                  columns -> columns.number(1),
                  "select github_id from status where deployment_id = ? and github_id is not null",
                  outgoing.deployment().id());
          return Optional.of(
              new Outgoing(
                  outgoing.id(),
                  outgoing.deployment(),
                  outgoing.status(),
                  outgoing.createdAt(),
                  outgoing.tries(),
                  outgoing.doubt(),
                  known));
        });
  }

  /** When the next status is due, if one waits. */
  public Optional<Instant> nextDue() {
    return database.read(
        connection ->
            new Sql(connection)
                .first(
                    columns -> Optional.ofNullable(columns.optionalInstant("due")),
                    "select min(case when s.due_at > s.held_until then s.due_at else s.held_until end)"
                        + " as due from status s join deployment d on d.id = s.deployment_id where"
                        + WAITING
                        + FIRST)
                .flatMap(due -> due));
  }

  /** GitHub has the status, under this id of its own. */
  public void posted(Outgoing outgoing, long githubId, Instant now) {
    finish(
        outgoing,
        "update status set posted_at = ?, github_id = ?, doubt = 0, problem = null where id = ?",
        now,
        githubId,
        outgoing.id());
  }

  /**
   * The status has to wait.
   *
   * @param doubt GitHub may have it all the same
   */
  public void later(Outgoing outgoing, Instant due, boolean doubt, String problem) {
    finish(
        outgoing,
        "update status set due_at = ?, held_until = 0, doubt = ?, problem = ? where id = ?",
        due,
        doubt,
        problem,
        outgoing.id());
  }

  /** GitHub will never take the status; the ones behind it go on. */
  public void giveUp(Outgoing outgoing, Instant now, String problem) {
    finish(
        outgoing,
        "update status set given_up_at = ?, held_until = 0, doubt = 0, problem = ? where id = ?",
        now,
        problem,
        outgoing.id());
  }

  private void finish(Outgoing outgoing, String sql, @Nullable Object... values) {
    database.write(connection -> new Sql(connection).update(sql, values));
    database.bell().ring(Bell.deployment(outgoing.deployment().id()));
  }

  /**
   * Makes everything that waits due at once; for the start, when the credentials may be new. Where
   * no other process can have the database, nobody posts what is still marked as being sent, and it
   * is handed out again too.
   */
  public void hurry(Instant now) {
    String orphans = database.isExclusive() ? " or held_until > 0" : "";
    database.write(
        connection ->
            new Sql(connection)
                .update(
                    "update status set due_at = case when due_at > ? then ? else due_at end,"
                        + " held_until = 0 where (due_at > ?"
                        + orphans
                        + ") and posted_at is null and given_up_at is null",
                    now,
                    now,
                    now));
  }

  /** How much waits for GitHub, over all deployments. */
  public Backlog backlog() {
    return database.read(
        connection ->
            new Sql(connection)
                .first(
                    columns ->
                        new Backlog(
                            (int) columns.number("waiting"),
                            columns.optionalInstant("oldest"),
                            columns.optionalText("problem")),
                    "select count(*) as waiting, min(s.created_at) as oldest, max(s.problem) as problem"
                        + " from status s join deployment d on d.id = s.deployment_id where"
                        + WAITING)
                .orElseThrow());
  }
}
