package dev.slipway.store;

import java.time.Instant;
import java.util.List;

/**
 * The deployments that are to be deleted at GitHub, because their environment was destroyed. One is
 * due when GitHub has all statuses of it: an active deployment cannot be deleted.
 */
public final class GithubDeletions {
  private final Database database;

  public GithubDeletions(Database database) {
    this.database = database;
  }

  /**
   * A deletion that is due.
   *
   * @param tries how often GitHub was asked before
   */
  public record Deletion(StoredDeployment deployment, int tries) {}

  /** Those of a GitHub host that are due, the one that waits longest first. */
  public List<Deletion> due(String host, Instant now, int limit) {
    return database.read(
        sql ->
            sql.list(
                columns ->
                    new Deletion(StoredDeployment.of(columns), (int) columns.number("tries")),
                """
                select d.*, g.tries from github_deletion g join deployment d on d.id = g.deployment_id
                where g.host = ? and g.due_at <= ?
                  and not exists (select 1 from outbox o where o.deployment_id = g.deployment_id)
                order by g.due_at limit ?
                """,
                host,
                now,
                limit));
  }

  /** Forgets a deletion: GitHub has made it, or never will. */
  public void forget(Deletion deletion) {
    int _ =
        database.write(
            sql ->
                sql.update(
                    "delete from github_deletion where deployment_id = ?",
                    deletion.deployment().id()));
  }

  /** GitHub is asked again then. */
  public void postpone(Deletion deletion, Instant due) {
    int _ =
        database.write(
            sql ->
                sql.update(
                    "update github_deletion set due_at = ?, tries = ? where deployment_id = ?",
                    due,
                    deletion.tries() + 1,
                    deletion.deployment().id()));
  }
}
