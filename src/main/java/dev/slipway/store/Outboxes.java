package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The outboxes of all GitHub hosts: of those that the configuration names, and of those for which
 * statuses wait though it names them no more.
 */
public final class Outboxes {
  /** Each step looks the next host up; there are few, and there may be very many rows. */
  private static final String HOSTS =
      """
      with recursive counted (host) as (
        select min(host) from outbox
        union all
        select (select min(o.host) from outbox o where o.host > c.host) from counted c
          where c.host is not null)
      select host from counted where host is not null
      """;

  private final Database database;
  private final Duration claimDuration;
  private final Map<String, PostLimits> pace;
  private final Map<String, Outbox> outboxes = new ConcurrentHashMap<>();

  /**
   * @param claimDuration how long a claim lasts unless it is renewed
   * @param pace how many may be posted to each host that the configuration names
   */
  public Outboxes(Database database, Duration claimDuration, Map<String, PostLimits> pace) {
    this.database = database;
    this.claimDuration = claimDuration;
    this.pace = Map.copyOf(pace);
  }

  /** The outbox of a host. */
  public Outbox of(String host) {
    return outboxes.computeIfAbsent(
        host,
        name -> new Outbox(database, name, claimDuration, pace.getOrDefault(name, PostLimits.ANY)));
  }

  /** All outboxes, in the order of the names of their hosts. */
  public List<Outbox> all() {
    return Stream.concat(pace.keySet().stream(), database.read(Outboxes::hostsWithRows).stream())
        .distinct()
        .sorted()
        .map(this::of)
        .toList();
  }

  /** The outboxes of hosts that the configuration names no more, as far as statuses wait there. */
  public List<Outbox> unknown() {
    Set<String> known = pace.keySet();
    return database.read(Outboxes::hostsWithRows).stream()
        .filter(host -> !known.contains(host))
        .map(this::of)
        .toList();
  }

  /** The hosts for which statuses wait. */
  static List<String> hostsWithRows(Sql sql) throws SQLException {
    return sql.list(columns -> columns.text("host"), HOSTS);
  }

  /** The clock by which all this is measured was set: see {@link Outbox#shiftTimes}. */
  public void shiftTimes(Duration by) {
    all().forEach(outbox -> outbox.shiftTimes(by));
  }
}
