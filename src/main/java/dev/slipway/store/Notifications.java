package dev.slipway.store;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Deployment;
import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import dev.slipway.model.WebhookSubscription;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What outgoing webhooks are sent: a notification of each status that they want, written in the
 * transaction of the status. A webhook gets those of one deployment in their order, each at least
 * once unless it is given up; one that fails holds up only those of its deployment and webhook.
 */
public final class Notifications {
  /** Nobody else has claimed it since. */
  private static final String MINE =
      " where id = ? and fence = ? and delivered_at is null and given_up_at is null";

  /** The rows of one webhook that a count looks at. */
  private static final int COUNTED = 1_000;

  private static final int FREED = 50;

  private static final int AT_ONCE = 200;
  private static final int MOST_READS = 20;

  private static final String REPORT =
      """
      select n.id, n.event_id, n.webhook, n.deployment_id, d.repository, s.state, n.created_at,
        n.failures, q.due_at, n.delivered_at, n.given_up_at, n.problem
      from notification n join status s on s.id = n.status_id
        join deployment d on d.id = n.deployment_id
        left join notification_queue q on q.deployment_id = n.deployment_id
          and q.webhook = n.webhook and q.notification_id = n.id
      """;

  private final Database database;
  private final List<WebhookSubscription> subscriptions;
  private final Duration claimDuration;
  private final ClaimClock clock;

  /**
   * From now on the transactions of this process add notifications for these webhooks.
   *
   * @param claimDuration for how long nobody else gets what was handed out
   */
  public Notifications(
      Database database, List<WebhookSubscription> subscriptions, Duration claimDuration) {
    this(database, subscriptions, claimDuration, ClaimClock.of(database));
  }

  Notifications(
      Database database,
      List<WebhookSubscription> subscriptions,
      Duration claimDuration,
      ClaimClock clock) {
    this.database = database;
    this.subscriptions = List.copyOf(subscriptions);
    this.claimDuration = claimDuration;
    this.clock = clock;
    database.subscribe(this.subscriptions);
  }

  /**
   * A notification as it can be looked at.
   *
   * @param deploymentId our own number of the deployment
   * @param repository of the deployment; may be empty
   * @param failures how many tries failed since it was made, or asked for again
   * @param nextAt when it is sent next; null when it does not wait, or waits for one before it
   * @param problem what came of the last try, if that failed
   */
  public record Report(
      long id,
      String eventId,
      String webhook,
      long deploymentId,
      String repository,
      GithubState state,
      Instant createdAt,
      int failures,
      @Nullable Instant nextAt,
      @Nullable Instant deliveredAt,
      @Nullable Instant givenUpAt,
      @Nullable String problem) {
    /** Whether it was given up, or waits after a try that failed. */
    public boolean hasFailed() {
      return outcome() != Outcome.DELIVERED && problem != null;
    }

    /** Whether it waits, was delivered or given up. */
    public Outcome outcome() {
      if (deliveredAt != null) {
        return Outcome.DELIVERED;
      }
      return givenUpAt == null ? Outcome.WAITING : Outcome.GIVEN_UP;
    }

    private static Report of(Sql.Columns columns) throws SQLException {
      return new Report(
          columns.number("id"),
          columns.text("event_id"),
          columns.text("webhook"),
          columns.number("deployment_id"),
          columns.text("repository"),
          GithubState.of(columns.text("state")),
          columns.instant("created_at"),
          (int) columns.number("failures"),
          columns.optionalInstant("due_at"),
          columns.optionalInstant("delivered_at"),
          columns.optionalInstant("given_up_at"),
          columns.optionalText("problem"));
    }
  }

  /** What came of a notification, or of a try to send it. */
  public enum Outcome {
    /** It is to be sent. */
    WAITING("waiting"),
    /** The receiver has it. */
    DELIVERED("delivered"),
    /** A try failed; others follow. */
    FAILED("failed"),
    /** The last try failed. */
    GIVEN_UP("given_up");

    private final String code;

    Outcome(String code) {
      this.code = code;
    }

    /** The word of the API and of metrics, and in the database. */
    public String code() {
      return code;
    }
  }

  /** What came of asking for a notification to be sent again. */
  public enum Redelivery {
    /** It is sent as soon as those before it were. */
    QUEUED,
    /** There is no such notification. */
    UNKNOWN,
    /** It is being sent at this moment. */
    IN_HAND,
    /** Its webhook is not configured any more. */
    NOT_CONFIGURED
  }

  /** Hands out the next notification that is due for a webhook. Writes nothing without any. */
  public Optional<ClaimedNotification> claim(String webhook, Instant now) {
    boolean isWanted =
        database.read(
            sql ->
                nextDeployment(sql, webhook, now, "").isPresent()
                    || !lapsed(sql, webhook, now, "").isEmpty());
    return isWanted ? database.write(sql -> claim(sql, webhook, now)) : Optional.empty();
  }

  private Optional<ClaimedNotification> claim(Sql sql, String webhook, Instant now)
      throws SQLException {
    String locking = sql.dialect().forUpdateSkipLocked();
    for (long deployment : lapsed(sql, webhook, now, locking)) {
      new NotificationQueue(sql, deployment, webhook).free();
    }
    Optional<Long> deployment = nextDeployment(sql, webhook, now, locking);
    if (deployment.isEmpty()) {
      return Optional.empty();
    }
    NotificationQueue queue = new NotificationQueue(sql, deployment.get(), webhook);
    queue.claim(clock.millis(sql, now) + claimDuration.toMillis());
    return Optional.of(first(queue));
  }

  private List<Long> lapsed(Sql sql, String webhook, Instant now, String locking)
      throws SQLException {
    return sql.list(
        columns -> columns.number(1),
        "select deployment_id from notification_queue where webhook = ? and claimed_until <= ?"
            + " order by claimed_until limit "
            + FREED
            + locking,
        webhook,
        clock.millis(sql, now));
  }

  private static Optional<Long> nextDeployment(Sql sql, String webhook, Instant now, String locking)
      throws SQLException {
    return sql.first(
        columns -> columns.number(1),
        "select deployment_id from notification_queue"
            + " where webhook = ? and due_at <= ? and claimed_until is null"
            + " order by due_at, deployment_id limit 1"
            + locking,
        webhook,
        now);
  }

  private static ClaimedNotification first(NotificationQueue queue) throws SQLException {
    long id = queue.claimed();
    long fence =
        queue
            .sql()
            .updateReturning(
                "update notification set fence = fence + 1 where id = ? returning fence", id);
    return queue
        .sql()
        .first(
            columns ->
                new ClaimedNotification(
                    id,
                    queue.webhook(),
                    columns.text("event_id"),
                    StoredDeployment.of(columns),
                    (int) columns.number("run"),
                    columns.text("route"),
                    new Status(
                        GithubState.of(columns.text("status_state")),
                        columns.text("status_description"),
                        columns.optionalUri("status_url")),
                    columns.instant("status_created_at"),
                    (int) columns.number("failures"),
                    columns.optionalInstant("begun_at"),
                    columns.optionalText("command"),
                    (int) fence),
            """
            select d.*, n.event_id, n.failures, n.begun_at, n.command, s.run,
              coalesce(r.route, '') as route, s.state as status_state,
              s.description as status_description, s.environment_url as status_url,
              s.created_at as status_created_at
            from notification n join status s on s.id = n.status_id
              join deployment d on d.id = n.deployment_id
              left join run r on r.deployment_id = s.deployment_id and r.number = s.run
            where n.id = ?
            """,
            id)
        .orElseThrow();
  }

  /** The receiver has it; the next one of its deployment is due. */
  public void confirmDelivered(ClaimedNotification claimed, Instant now) {
    finish(
        claimed,
        Outcome.DELIVERED,
        sql ->
            sql.update(
                "update notification set delivered_at = ?, problem = null" + MINE,
                now,
                claimed.id(),
                claimed.fence()),
        now,
        now);
  }

  /** A try failed; the notification has to wait, and with it those behind it. */
  public void postpone(ClaimedNotification claimed, Instant due, String problem, Instant now) {
    finish(
        claimed,
        Outcome.FAILED,
        sql ->
            sql.update(
                "update notification set failures = failures + 1, begun_at = null, problem = ?"
                    + MINE,
                problem,
                claimed.id(),
                claimed.fence()),
        due,
        now);
  }

  /** The last try failed; the next one of its deployment is due. */
  public void giveUp(ClaimedNotification claimed, String problem, Instant now) {
    finish(
        claimed,
        Outcome.GIVEN_UP,
        sql ->
            sql.update(
                "update notification set failures = failures + 1, given_up_at = ?, problem = ?"
                    + MINE,
                now,
                problem,
                claimed.id(),
                claimed.fence()),
        now,
        now);
  }

  /**
   * What was handed out was not sent, or nobody knows: it is due at once, and no try was made.
   *
   * @param problem why, where there is something to say
   */
  public void release(ClaimedNotification claimed, @Nullable String problem, Instant now) {
    finish(
        claimed,
        null,
        sql ->
            sql.update(
                "update notification set problem = coalesce(?, problem)" + MINE,
                problem,
                claimed.id(),
                claimed.fence()),
        now,
        now);
  }

  /**
   * A command is about to start; a process that dies now leaves in doubt whether it ran.
   *
   * @return whether it may start: nobody else has it since. The claim is renewed then
   */
  public boolean begin(ClaimedNotification claimed, Instant since, Instant now) {
    return change(claimed, now, "update notification set begun_at = ?" + MINE, since);
  }

  /** The command runs, and is followed under this name from now on. */
  public void recordCommand(ClaimedNotification claimed, String command, Instant now) {
    boolean _ = change(claimed, now, "update notification set command = ?" + MINE, command);
  }

  /** Renews a claim; false when somebody else has it. */
  public boolean renew(ClaimedNotification claimed, Instant now) {
    return change(claimed, now, "update notification set webhook = ?" + MINE, claimed.webhook());
  }

  private boolean change(ClaimedNotification claimed, Instant now, String sql, Object value) {
    return database.write(
        statements -> {
          NotificationQueue queue =
              new NotificationQueue(statements, claimed.deployment().id(), claimed.webhook());
          queue.lock();
          boolean isMine = statements.update(sql, value, claimed.id(), claimed.fence()) == 1;
          if (isMine) {
            queue.claim(clock.millis(statements, now) + claimDuration.toMillis());
          }
          return isMine;
        });
  }

  private interface Change {
    int apply(Sql sql) throws SQLException;
  }

  /** The order is that of all: the queue's row, then the notification, the counts last. */
  private void finish(
      ClaimedNotification claimed,
      @Nullable Outcome outcome,
      Change change,
      Instant due,
      Instant now) {
    int _ =
        database.write(
            sql -> {
              NotificationQueue queue =
                  new NotificationQueue(sql, claimed.deployment().id(), claimed.webhook());
              queue.lock();
              int mine = change.apply(sql);
              if (mine == 1) {
                queue.update(claimed.id(), due, now);
                if (outcome != null) {
                  CounterChanges counts = new CounterChanges();
                  counts.add(CounterKind.NOTIFICATION, claimed.webhook(), outcome.code(), 1);
                  counts.write(sql);
                }
              }
              return mine;
            });
  }

  /**
   * Sends a notification once more under the same event id, as if it had never been tried. One that
   * waits is due at once; it goes out behind those of its deployment that wait before it.
   */
  public Redelivery redeliver(long id, Actor actor, Instant now) {
    Redelivery result = database.write(sql -> redeliver(sql, id, actor, now));
    if (result == Redelivery.QUEUED) {
      database.notifier().signal(CommitNotifier.OUTBOX);
    }
    return result;
  }

  private Redelivery redeliver(Sql sql, long id, Actor actor, Instant now) throws SQLException {
    Optional<NotificationQueue> found =
        sql.first(
            columns ->
                new NotificationQueue(
                    sql, columns.number("deployment_id"), columns.text("webhook")),
            "select deployment_id, webhook from notification where id = ?",
            id);
    if (found.isEmpty()) {
      return Redelivery.UNKNOWN;
    }
    NotificationQueue queue = found.get();
    if (!isConfigured(queue.webhook())) {
      return Redelivery.NOT_CONFIGURED;
    }
    queue.open(id, now);
    long inHand = queue.claimed();
    if (inHand == id) {
      return Redelivery.IN_HAND;
    }
    sql.update(
        "update notification set delivered_at = null, given_up_at = null, failures = 0,"
            + " begun_at = null, command = null, problem = null where id = ?",
        id);
    if (inHand == 0) {
      queue.update(id, now, now);
    }
    audit(sql, id, queue, actor, now);
    return Redelivery.QUEUED;
  }

  private static void audit(Sql sql, long id, NotificationQueue queue, Actor actor, Instant now)
      throws SQLException {
    Deployment about =
        sql.first(StoredDeployment::of, "select * from deployment where id = ?", queue.deployment())
            .orElseThrow()
            .deployment();
    AuditLog.add(
        sql,
        AuditEntry.of(now, actor, AuditEntry.Action.REDELIVER, queue.deployment(), about, "")
            .about("notification %d to %s of ".formatted(id, queue.webhook())));
  }

  private boolean isConfigured(String webhook) {
    return subscriptions.stream().anyMatch(known -> known.webhook().equals(webhook));
  }

  /**
   * What was to be sent lately, newest first.
   *
   * @param before the first has a smaller number than this
   */
  public List<Report> list(long before, int limit) {
    return database.read(
        sql ->
            sql.list(
                Report::of, REPORT + "where n.id < ? order by n.id desc limit ?", before, limit));
  }

  /**
   * Those that are wanted, newest first. It looks at a few thousand rows at the most, and says how
   * far it has come.
   *
   * @param before only those with a smaller number
   */
  public Page<Report> list(long before, int limit, Predicate<Report> wanted) {
    return Page.of(before, limit, MOST_READS, Report::id, wanted, from -> list(from, AT_ONCE));
  }

  /** The notification with this number; empty when there is none. */
  public Optional<Report> find(long id) {
    return database.read(sql -> sql.first(Report::of, REPORT + "where n.id = ?", id));
  }

  /**
   * How many notifications wait for each webhook that is configured, in at most a thousand
   * deployments.
   */
  public Map<String, Long> waiting() {
    return subscriptions.isEmpty()
        ? Map.of()
        : database.read(
            sql -> {
              Map<String, Long> waiting = new TreeMap<>();
              for (WebhookSubscription subscription : subscriptions) {
                waiting.put(
                    subscription.webhook(),
                    sql.number(
                        "select coalesce(sum(waiting), 0) from"
                            + " (select waiting from notification_queue where webhook = ?"
                            + " order by deployment_id limit "
                            + COUNTED
                            + ") counted",
                        subscription.webhook()));
              }
              return waiting;
            });
  }

  /**
   * Ends the claims that an earlier process left. Does nothing where other processes may have them.
   */
  public void freeOrphans() {
    if (database.isExclusive() && !subscriptions.isEmpty()) {
      int _ =
          database.write(
              sql ->
                  sql.update(
                      "update notification_queue set claimed_until = null"
                          + " where claimed_until is not null and webhook in ("
                          + subscriptions.stream().map(_ -> "?").collect(Collectors.joining(", "))
                          + ")",
                      subscriptions.stream().map(WebhookSubscription::webhook).toArray()));
    }
  }

  /**
   * The clock by which all this is measured was set: what waits goes on waiting for as long as
   * before. Does nothing where other processes have clocks of their own.
   */
  public void shiftTimes(Duration by) {
    if (database.isExclusive() && !subscriptions.isEmpty()) {
      long millis = by.toMillis();
      int _ =
          database.write(
              sql ->
                  sql.update(
                      "update notification_queue set due_at = due_at + ?,"
                          + " claimed_until = claimed_until + ?",
                      millis,
                      millis));
    }
  }
}
