package dev.slipway.store;

import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.model.Repository;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The repositories whose deployments GitHub is asked for, and what was last seen there. */
public final class ReconcileState {
  private final Database database;

  public ReconcileState(Database database) {
    this.database = database;
  }

  /**
   * A repository that is watched.
   *
   * @param since nothing older was ever ours to deploy
   * @param restUntil GitHub hid it from us; not to be asked before this instant
   * @param etag of its newest deployments, or null when they have to be looked at again
   */
  public record WatchedRepository(
      Repository repository,
      Instant since,
      Instant restUntil,
      @Nullable String etag,
      WebhookState hook) {}

  /**
   * The webhook of a repository that leads here.
   *
   * @param id GitHub's number for it, or null when none is known
   * @param askedAt when the repository's hooks were last listed
   * @param etag of its newest deliveries, or null when they have to be looked at again
   * @param sweptTo what was delivered before needs no look any more
   */
  public record WebhookState(
      @Nullable Long id, Instant askedAt, @Nullable String etag, Instant sweptTo) {}

  /**
   * The webhook of the GitHub App of a host.
   *
   * @param since nothing older was ever ours to deploy
   */
  public record WatchedApp(Instant since, WebhookState hook) {}

  /** How a deployment of GitHub's is known here. */
  public enum Provenance {
    /** Not at all. */
    UNKNOWN,
    /** It was found by looking, and decided about. */
    RECOVERED,
    /** It was delivered and not taken. */
    REJECTED,
    /** It was delivered and taken, or somebody asked for it here. */
    DELIVERED
  }

  /** The lock of the one process that reconciles a host. */
  public ClusterLock lock(String host) {
    return new ClusterLock(database, "reconcile " + host);
  }

  /**
   * The repositories to look at: the named ones and those whose deployments came in, the one that
   * was asked about longest ago first.
   */
  public List<WatchedRepository> watched(String host, List<String> named, Instant now) {
    List<WatchedRepository> known = database.read(sql -> watched(sql, host));
    Set<String> names =
        known.stream()
            .map(watched -> EnvironmentTask.key(watched.repository()))
            .collect(Collectors.toSet());
    if (named.stream().allMatch(name -> names.contains(name.toLowerCase(Locale.ROOT)))) {
      return known;
    }
    return database.write(
        sql -> {
          for (String name : named) {
            add(sql, new Repository(host, 0, name), now);
          }
          return watched(sql, host);
        });
  }

  private static List<WatchedRepository> watched(Sql sql, String host) throws SQLException {
    return sql.list(
        ReconcileState::watched,
        "select * from reconcile_repository where host = ? order by listed_at, full_name",
        host);
  }

  /** Watches the repository of a deployment that GitHub knows. */
  static void add(Sql sql, Deployment deployment, Instant now) throws SQLException {
    Repository repository = deployment.repository();
    if (deployment.githubId() == null) {
      return;
    }
    add(sql, repository, now);
    sql.update(
        "update reconcile_repository set repository_id = ? where host = ? and repository_key = ?"
            + " and repository_id < ?",
        repository.id(),
        repository.host(),
        EnvironmentTask.key(repository),
        repository.id());
  }

  private static void add(Sql sql, Repository repository, Instant since) throws SQLException {
    sql.update(
        """
        insert into reconcile_repository (host, repository_key, full_name, repository_id, since, listed_at, hidden_until,
          missed, missed_newest_at, hook_asked_at)
        values (?, ?, ?, ?, ?, 0, 0, 0, 0, 0) on conflict do nothing
        """,
        repository.host(),
        EnvironmentTask.key(repository),
        repository.fullName(),
        repository.id(),
        since);
  }

  /** Forgets a repository that was watched since long ago and has no deployments any more. */
  static void forget(Sql sql, Repository repository, Instant before) throws SQLException {
    sql.update(
        """
        delete from reconcile_repository where host = ? and repository_key = ? and since < ? and not exists (
          select 1 from deployment where host = ? and repository_key = ?)
        """,
        repository.host(),
        EnvironmentTask.key(repository),
        before,
        repository.host(),
        EnvironmentTask.key(repository));
  }

  private static WatchedRepository watched(Sql.Columns columns) throws SQLException {
    return new WatchedRepository(
        new Repository(
            columns.text("host"), columns.number("repository_id"), columns.text("full_name")),
        columns.instant("since"),
        columns.instant("hidden_until"),
        columns.optionalText("etag"),
        hook(columns));
  }

  private static WebhookState hook(Sql.Columns columns) throws SQLException {
    return new WebhookState(
        columns.optionalNumber("hook_id"),
        columns.instant("hook_asked_at"),
        columns.optionalText("hook_etag"),
        columns.instant("hook_checked_until"));
  }

  /** The webhook of the GitHub App of a host, which is watched from the first call on. */
  public WatchedApp watchedApp(String host, Instant now) {
    Optional<WatchedApp> known = database.read(sql -> watchedApp(sql, host));
    return known.isPresent()
        ? known.get()
        : database.write(
            sql -> {
              sql.update(
                  "insert into reconcile_app (host, since, hook_asked_at, hook_checked_until)"
                      + " values (?, ?, 0, 0) on conflict do nothing",
                  host,
                  now);
              return watchedApp(sql, host).orElseThrow();
            });
  }

  private static Optional<WatchedApp> watchedApp(Sql sql, String host) throws SQLException {
    return sql.first(
        columns -> new WatchedApp(columns.instant("since"), hook(columns)),
        "select * from reconcile_app where host = ?",
        host);
  }

  /** Records what was seen of the GitHub App's webhook. */
  public void recordAppWebhook(String host, WebhookState hook) {
    int _ =
        database.write(
            sql ->
                sql.update(
                    "update reconcile_app set hook_id = ?, hook_asked_at = ?, hook_etag = ?,"
                        + " hook_checked_until = ? where host = ?",
                    hook.id(),
                    hook.askedAt(),
                    hook.etag(),
                    hook.sweptTo(),
                    host));
  }

  /**
   * Records what was seen of a repository's deployments.
   *
   * @param etag null when something has to be looked at again
   * @param missed how many deployments for us are newer than the last delivery of its host
   * @param newest when the newest of those was made
   */
  public void recordList(
      Repository repository, @Nullable String etag, int missed, Instant newest, Instant now) {
    change(
        repository,
        "etag = ?, missed = ?, missed_newest_at = ?, listed_at = ?",
        etag,
        missed,
        newest,
        now);
  }

  /**
   * Records that a repository was asked about, and nothing has changed or nothing could be seen.
   */
  public void recordUnchanged(Repository repository, Instant now) {
    change(repository, "listed_at = ?", now);
  }

  /** Records that GitHub hides a repository from us. */
  public void recordHidden(Repository repository, Instant until, Instant now) {
    change(repository, "hidden_until = ?, listed_at = ?", until, now);
  }

  /** Records what was seen of a repository's webhook. */
  public void recordWebhook(Repository repository, WebhookState hook) {
    change(
        repository,
        "hook_id = ?, hook_asked_at = ?, hook_etag = ?, hook_checked_until = ?",
        hook.id(),
        hook.askedAt(),
        hook.etag(),
        hook.sweptTo());
  }

  private void change(Repository repository, String what, @Nullable Object... values) {
    @Nullable Object[] all = java.util.Arrays.copyOf(values, values.length + 2);
    all[values.length] = repository.host();
    all[values.length + 1] = repository.fullName().toLowerCase(Locale.ROOT);
    database.write(
        sql ->
            sql.update(
                "update reconcile_repository set "
                    + what
                    + " where host = ? and repository_key = ?",
                all));
  }

  /**
   * How a deployment is known here.
   *
   * @param guid what its finding is, or would be, kept under
   */
  public Provenance provenance(String host, long githubId, String guid) {
    return database.read(
        sql -> {
          if (isDecided(sql, guid)) {
            return Provenance.RECOVERED;
          }
          String known = "select count(*) from deployment where host = ? and github_id = ?";
          return sql.number(known, host, githubId) > 0
              ? Provenance.DELIVERED
              : turnedAway(sql, host, githubId);
        });
  }

  private static Provenance turnedAway(Sql sql, String host, long githubId) throws SQLException {
    List<String> sources =
        sql.list(
            columns -> columns.text("source"),
            """
            select source from delivery where github_id = ? and host = ?
            order by case when source = ? then 0 else 1 end limit 1
            """,
            githubId,
            host,
            DeliverySource.WEBHOOK.code());
    return sources.isEmpty()
        ? Provenance.UNKNOWN
        : sources.contains(DeliverySource.WEBHOOK.code())
            ? Provenance.REJECTED
            : Provenance.RECOVERED;
  }

  /** Whether a delivery with this GUID was decided about. */
  public boolean isDecided(String guid) {
    return database.read(sql -> isDecided(sql, guid));
  }

  static boolean isDecided(Sql sql, String guid) throws SQLException {
    return sql.first(
            columns -> columns.number("id"), "select id from delivery where guid = ? limit 1", guid)
        .isPresent();
  }

  /** When a host last delivered anything that is kept; events that are ignored are not. */
  public Optional<Instant> lastDelivery(String host) {
    return database.read(sql -> lastDelivery(sql, host));
  }

  static Optional<Instant> lastDelivery(Sql sql, String host) throws SQLException {
    return sql.first(
        columns -> columns.instant("received_at"),
        "select received_at from delivery where source = ? and host = ?"
            + " order by received_at desc limit 1",
        DeliverySource.WEBHOOK.code(),
        host);
  }

  /** The deployments for us since the last delivery of a host that it did not deliver. */
  public MissedDeliveries missedDeliveries(String host) {
    return database.read(
        sql -> {
          Optional<Instant> last = lastDelivery(sql, host);
          long missed =
              sql.number(
                  "select coalesce(sum(missed), 0) from reconcile_repository"
                      + " where missed > 0 and host = ? and missed_newest_at > ?",
                  host,
                  last.orElse(Instant.EPOCH));
          return new MissedDeliveries(host, (int) missed, last.orElse(null));
        });
  }
}
