package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When each webhook secret was last used: whoever rotates one knows by it when the old can go. */
public final class WebhookSecrets {
  private static final Duration PRECISION = Duration.ofMinutes(1);

  private final Database database;

  public WebhookSecrets(Database database) {
    this.database = database;
  }

  /**
   * The last use of a secret.
   *
   * @param name by which operators know it
   * @param at when it signed a delivery, up to a minute too early
   */
  public record Use(String name, Instant at) {
    private static Use of(Sql.Columns columns) throws SQLException {
      return new Use(columns.text("name"), columns.instant("last_used_at"));
    }
  }

  /** The last use of every secret that was ever used, by name. */
  public List<Use> uses() {
    return database.read(
        sql -> sql.list(Use::of, "select name, last_used_at from webhook_secret order by name"));
  }

  /** Keeps that the secret was used; writes nothing when it was within the last minute. */
  static void recordUse(Sql sql, String name, Instant now) throws SQLException {
    Optional<Instant> known =
        sql.first(
            columns -> columns.instant("last_used_at"),
            "select last_used_at from webhook_secret where name = ?",
            name);
    // A clock that was set back is followed too
    if (known.isEmpty() || Duration.between(known.get(), now).abs().compareTo(PRECISION) >= 0) {
      sql.update(
          """
          insert into webhook_secret (name, last_used_at) values (?, ?)
            on conflict (name) do update set last_used_at = excluded.last_used_at
          """,
          name,
          now);
    }
  }
}
