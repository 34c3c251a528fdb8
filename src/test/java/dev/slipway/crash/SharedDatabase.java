package dev.slipway.crash;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The PostgreSQL of several replicas, seen and disturbed from outside. */
final class SharedDatabase implements AutoCloseable {
  private static final String OF = " from run r join deployment d on d.id = r.deployment_id ";

  private final Connection connection;

  SharedDatabase(String url) {
    try {
      connection = DriverManager.getConnection(url);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column of each row. */
  List<String> texts(String sql, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<String> texts = new ArrayList<>();
      if (statement.execute()) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            texts.add(String.valueOf(rows.getString(1)));
          }
        }
      }
      return texts;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private boolean is(String sql, Object... values) {
    return texts(sql, values).equals(List.of("t"));
  }

  /** The place of the replica that has the run of this deployment, or had it last. */
  String holder(long deployment) {
    return texts("select r.owner_host" + OF + "where d.github_id = ?", deployment).getFirst();
  }

  boolean isAccepted(long deployment) {
    return is(
        "select count(*) > 0"
            + OF
            + "join fact f on f.run_id = r.id and f.kind = 'judged' and f.code = 'accepted'"
            + " where d.github_id = ?",
        deployment);
  }

  boolean isPosted(long deployment, String state) {
    return is(
        "select count(*) > 0 from status s join deployment d on d.id = s.deployment_id"
            + " where d.github_id = ? and s.state = ? and s.posted_at is not null",
        deployment,
        state);
  }

  /** Lets the question for leave be halted, which comes between the intent and the request. */
  void layBarrier() {
    texts(
        """
        create function barrier() returns trigger language plpgsql as $$ begin
          if (select kind from fact where run_id = new.id order by number desc limit 1) = 'intended'
          then perform pg_advisory_xact_lock_shared(4711); end if;
          return new; end $$
        """);
    texts(
        "create trigger barrier before update of lease_until on run for each row execute function barrier()");
  }

  void closeBarrier() {
    texts("select pg_advisory_lock(4711)");
  }

  boolean isSomeoneAtTheBarrier() {
    return is("select count(*) > 0 from pg_locks where locktype = 'advisory' and not granted");
  }

  void openBarrier() {
    texts("select pg_advisory_unlock(4711)");
  }

  /** Time passes for one replica: its leases, the hold on its post and its open transactions. */
  void lapse(String place) {
    texts(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            + " and state = 'idle in transaction' and state_change < now() - interval '1 second'");
    texts(
        "update run set lease_until = 0 where state = 'running' and owner_host = ?"
            + " and id in (select id from run where state = 'running' for update skip locked)",
        place);
    texts("update outbox set claimed_until = 0 where claimed_until > 0");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
