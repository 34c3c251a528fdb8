package dev.slipway.store;

import dev.slipway.model.End;
import dev.slipway.model.RunPurpose;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run of a deployment as it is kept.
 *
 * @param id the run with the smallest is first in its queue
 * @param number 1 for the first run of its deployment
 * @param chain names of the targets, as the route had them when the run joined the queue
 * @param purpose what it is for
 * @param end null until it has ended
 */
public record StoredRun(
    long id,
    long deploymentId,
    int number,
    String route,
    List<String> chain,
    RunPurpose purpose,
    String queueKey,
    State state,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable End end) {

  /** The states of a run. */
  public enum State {
    /** Waits in its queue. */
    QUEUED("queued"),
    /** Has been taken by a worker, which may have died since. */
    RUNNING("running"),
    /** Has its end, for good. */
    ENDED("ended");

    private final String code;

    State(String code) {
      this.code = code;
    }

    /** The word in the database and in the API's answers. */
    public String code() {
      return code;
    }

    static State of(String code) {
      return Arrays.stream(values())
          .filter(state -> state.code.equals(code))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("unknown state: " + code));
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
        RunPurpose.of(
            columns.text("purpose"),
            Objects.requireNonNullElse(columns.optionalText("purpose_reason"), "")),
        columns.text("queue_key"),
        State.of(columns.text("state")),
        columns.instant("queued_at"),
        columns.optionalInstant("started_at"),
        columns.optionalInstant("ended_at"),
        endOf(columns));
  }

  private static @Nullable End endOf(Sql.Columns columns) throws SQLException {
    String word = columns.optionalText("end_kind");
    return word == null
        ? null
        : End.of(
            End.Kind.of(word), columns.text("end_reason"), columns.optionalUri("environment_url"));
  }
}
