package dev.slipway.store;

import dev.slipway.model.Repository;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the database of a server tells about its deliveries, read by a process that looks for what
 * is wrong. Changes nothing.
 */
public final class StoreInspector {
  /** So many repositories are named, those that were asked about last. */
  static final int MOST_REPOSITORIES = 20;

  private final DatabaseClient database;

  /**
   * @param url as the configuration has it
   */
  public StoreInspector(String url, DatabaseLogin login) {
    this.database = new DatabaseClient(url, login);
  }

  /**
   * A ping that was let in.
   *
   * @param secret the name of the webhook secret that signed it
   * @param hook GitHub's number of the webhook, or empty
   * @param reason what was answered about the webhook
   */
  public record ReceivedPing(Instant at, String secret, String hook, String reason) {
    private static ReceivedPing of(Sql.Columns columns) throws SQLException {
      return new ReceivedPing(
          columns.instant("received_at"),
          columns.text("secret"),
          columns.text("hook"),
          columns.text("reason"));
    }
  }

  /**
   * What there is.
   *
   * @param lastPings the last ping that each host sent; without those that sent none
   * @param lastDeliveries when each host last delivered anything that is kept; without those that
   *     delivered nothing
   * @param repositories some of those whose deployments came in, of one host
   */
  public record Summary(
      Map<String, ReceivedPing> lastPings,
      Map<String, Instant> lastDeliveries,
      List<Repository> repositories) {
    /** What is known of a server that has never run. */
    public static final Summary NOTHING = new Summary(Map.of(), Map.of(), List.of());
  }

  /** Whether there may be a database; a missing file is made by the first start of a server. */
  public boolean mayExist() {
    return database.mayExist();
  }

  /**
   * Reads what there is.
   *
   * @param hosts the GitHub hosts that are asked about; of each come the newest repositories
   * @throws StoreException when the database cannot be read
   */
  public Summary read(List<String> hosts) {
    return database.run(
        "read",
        sql ->
            new Summary(
                lastPings(sql, hosts), lastDeliveries(sql, hosts), repositories(sql, hosts)));
  }

  /**
   * Which Slipway's database it is; empty before a server has run on it.
   *
   * @throws StoreException when the database cannot be read
   */
  public Optional<InstanceId> instance() {
    return database.run(
        "read",
        sql ->
            sql.first(
                columns -> new InstanceId(columns.text("value")),
                "select value from stored_value where name = ?",
                InstanceId.NAME));
  }

  private static Map<String, ReceivedPing> lastPings(Sql sql, List<String> hosts)
      throws SQLException {
    Map<String, ReceivedPing> all = new HashMap<>();
    for (String host : hosts) {
      sql.first(
              ReceivedPing::of,
              "select received_at, secret, hook, reason from delivery"
                  + " where event = 'ping' and host = ? order by received_at desc limit 1",
              host)
          .ifPresent(ping -> all.put(host, ping));
    }
    return all;
  }

  private static Map<String, Instant> lastDeliveries(Sql sql, List<String> hosts)
      throws SQLException {
    Map<String, Instant> all = new HashMap<>();
    for (String host : hosts) {
      ReconcileState.lastDelivery(sql, host).ifPresent(at -> all.put(host, at));
    }
    return all;
  }

  private static List<Repository> repositories(Sql sql, List<String> hosts) throws SQLException {
    List<Repository> all = new ArrayList<>();
    for (String host : hosts) {
      all.addAll(
          sql.list(
              columns ->
                  new Repository(
                      columns.text("host"),
                      columns.number("repository_id"),
                      columns.text("full_name")),
              "select host, repository_id, full_name from reconcile_repository"
                  + " where host = ? order by listed_at desc, full_name desc limit ?",
              host,
              MOST_REPOSITORIES));
    }
    return all;
  }

  /**
   * Asks the database whether it can be written, and undoes what was asked for.
   *
   * @throws StoreException when it cannot
   */
  public void probe() {
    int _ =
        database.run(
            "written",
            sql -> {
              sql.begin();
              int changed = sql.update("update posting set served = served where served < 0");
              sql.rollback();
              return changed;
            });
  }
}
