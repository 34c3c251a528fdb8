package dev.slipway.store;

import java.time.Instant;
import java.util.Optional;

/** What providers sent to the callback addresses of attempts: the first body of each. */
public final class ReceivedCallbacks {
  private final Database database;

  public ReceivedCallbacks(Database database) {
    this.database = database;
  }

  /** What came of recording a callback. */
  public enum Recording {
    /** It is the first of its attempt, and on disk. */
    RECORDED,
    /** The attempt has another one already, which stays. */
    REPEATED,
    /** The deployment of the attempt is not there, or not any more. */
    NO_DEPLOYMENT
  }

  /** Records what came for an attempt; on disk when this returns. */
  public Recording record(long deploymentId, String attempt, String body, Instant now) {
    return database.write(
        sql -> {
          int added =
              sql.update(
                  """
                  insert into callback (deployment_id, attempt, body, received_at)
                    select id, ?, ?, ? from deployment where id = ? on conflict do nothing
                  """,
                  attempt,
                  body,
                  now,
                  deploymentId);
          if (added == 1) {
            return Recording.RECORDED;
          }
          return sql.number("select count(*) from deployment where id = ?", deploymentId) == 1
              ? Recording.REPEATED
              : Recording.NO_DEPLOYMENT;
        });
  }

  /** The body that came for an attempt; empty while none did. */
  public Optional<String> find(long deploymentId, String attempt) {
    return database.read(
        sql ->
            sql.first(
                columns -> columns.text("body"),
                "select body from callback where deployment_id = ? and attempt = ?",
                deploymentId,
                attempt));
  }
}
