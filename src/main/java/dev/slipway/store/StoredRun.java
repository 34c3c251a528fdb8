package dev.slipway.store;

import dev.slipway.model.End;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run of a deployment as it is kept.
 *
 * @param id its place in every line: the smaller is first
 * @param number 1 for the first run of its deployment
 * @param chain names of the targets, as the route had them when the run joined the line
 * @param end null until it has ended
 */
public record StoredRun(
    long id,
    long deploymentId,
    int number,
    String route,
    List<String> chain,
    String lockKey,
    State state,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable End end) {

  /** Where a run is. */
  public enum State {
    /** Waits in line. */
    QUEUED,
    /** Has been taken by a worker, which may have died since. */
    RUNNING,
    /** Has its end, for good. */
    ENDED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public StoredRun {
    chain = List.copyOf(chain);
  }

  static StoredRun of(Sql.Columns columns) throws SQLException {
    String chain = columns.text("chain");
    return new StoredRun(
        columns.number("id"),
        columns.number("deployment_id"),
        (int) columns.number("number"),
        columns.text("route"),
        chain.isEmpty() ? List.of() : List.of(chain.split(",")),
        columns.text("lock_key"),
        State.valueOf(columns.text("state").toUpperCase(Locale.ROOT)),
        columns.instant("queued_at"),
        columns.optionalInstant("started_at"),
        columns.optionalInstant("ended_at"),
        endOf(columns));
  }

  private static @Nullable End endOf(Sql.Columns columns) throws SQLException {
    String word = columns.optionalText("end_word");
    return word == null
        ? null
        : End.of(
            End.Kind.of(word), columns.text("end_reason"), columns.optionalUri("environment_url"));
  }
}
