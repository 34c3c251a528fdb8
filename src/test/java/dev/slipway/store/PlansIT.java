package dev.slipway.store;

import static dev.slipway.store.ManyDeployments.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Caller;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.DestroyPolicy;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.LockScope;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.RunPurpose;
import dev.slipway.model.Scope;
import dev.slipway.model.Status;
import dev.slipway.model.WebhookSubscription;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No statement that the store executes looks through a table that grows. */
@Order(1) // takes long
class PlansIT {
  private static final int DEPLOYMENTS = 200_000;
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final int WAITING = 50_000;

  /** Tables that stay small however much comes in, or hold an hour of posts; and subqueries. */
  private static final Set<String> SMALL =
      Set.of(
          "counter",
          "cluster_lock",
          "environment_lock",
          "transient_environment",
          "github_deletion",
          "stored_value",
          "posting",
          "reconcile_app",
          "status_post",
          "counted",
          "webhook_secret",
          "poll_request",
          "api_token");

  /** Indexes of the few that are meant, or read in their order for as many rows as are wanted. */
  private static final Set<String> ORDERED =
      Set.of(
          "queue_ready",
          "run_lease",
          "run_detached",
          "outbox_changed",
          "outbox_flow_next",
          "delivery_ping");

  /** Reads that stop after so many rows. */
  private static final String BOUNDED = "from outbox_refusal where host = ? limit 1000";

  private static final Pattern SCAN =
      Pattern.compile("SCAN (\\w+)(?: USING (?:COVERING )?INDEX (\\w+))?");
  private static final Pattern SEQ_SCAN = Pattern.compile("Seq Scan on (\\w+)");

  @ParameterizedTest
  @Timeout(240)
  @EnumSource
  void no_statement_looks_through_a_table_that_grows(TestDatabases kind) throws Exception {
    String url = kind.url();
    ManyDeployments.fill(url, DEPLOYMENTS, WAITING);
    ManyDeployments.tell(url);
    Set<String> executed;
    try (RecordedStatements recorded = new RecordedStatements(url)) {
      try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
        doEverything(database);
        inspect(url);
      }
      executed = recorded.statements();
    }
    List<String> slow = new ArrayList<>();
    String explaining =
        kind == TestDatabases.SQLITE
            ? url
            : url + (url.contains("?") ? "&" : "?") + "preferQueryMode=simple";
    try (Connection connection = DriverManager.getConnection(explaining);
        Statement statement = connection.createStatement()) {
      for (String sql : executed) {
        if (isOfRows(sql) && !sql.contains(BOUNDED)) {
          for (String table : scanned(kind, statement, sql)) {
            slow.add(table + ": " + sql);
          }
        }
      }
    }
    assertThat(executed).hasSizeGreaterThan(60);
    assertThat(slow).isEmpty();
  }

  private static boolean isOfRows(String sql) {
    String word = sql.stripLeading().toLowerCase(Locale.ROOT).split("\\s", 2)[0];
    return Set.of("select", "insert", "update", "delete", "with").contains(word)
        && !sql.contains("flyway_schema_history")
        && !sql.contains("pg_")
        && !sql.contains("sqlite_master");
  }

  private static List<String> scanned(TestDatabases kind, Statement statement, String sql)
      throws SQLException {
    List<String> tables = new ArrayList<>();
    String explain =
        kind == TestDatabases.SQLITE
            ? "explain query plan " + sql
            : "explain (generic_plan) " + numbered(sql);
    try (ResultSet plan = statement.executeQuery(explain)) {
      while (plan.next()) {
        String line = plan.getString(kind == TestDatabases.SQLITE ? "detail" : "QUERY PLAN");
        var found = (kind == TestDatabases.SQLITE ? SCAN : SEQ_SCAN).matcher(line);
        while (found.find()) {
          String index = found.groupCount() > 1 ? found.group(2) : null;
          if (!SMALL.contains(table(found.group(1), sql))
              && !found.group(1).equals("CONSTANT")
              && (index == null || !ORDERED.contains(index))) {
            tables.add(line.strip());
          }
        }
      }
    }
    return tables;
  }

  /** SQLite tells of a table by the name that the statement gave it. */
  private static String table(String name, String sql) {
    var found = Pattern.compile("(?:from|join|,)\\s+(\\w+)\\s+" + name + "\\b").matcher(sql);
    return found.find() ? found.group(1) : name;
  }

  private static String numbered(String sql) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    for (int i = 0; i < sql.length(); i++) {
      char at = sql.charAt(i);
      text.append(at == '?' ? "$" + ++number : String.valueOf(at));
    }
    return text.toString();
  }

  /** Everything that concerns deliveries, deployments, runs, queues, counts and retention. */
  private static void doEverything(Database database) throws Exception {
    Notifications notifications = notifications(database);
    Runs runs = new Runs(database, Duration.ofSeconds(20));
    int _ = runs.freeOrphans();
    LeaseOwner taker = new LeaseOwner("me", "here");
    Deployment late = ManyDeployments.deployment(DEPLOYMENTS + 1L);
    long first = ManyDeployments.accept(database, late, "queue 1");
    Deployment sibling =
        new Deployment(
            late.repository(),
            DEPLOYMENTS + 2L,
            null,
            "main",
            late.environment(),
            "deploy",
            "{}",
            "",
            "",
            T0);
    List<LeasedRun> taken = runs.acquire(taker, T0, 10);
    assertThat(taken).hasSize(10);
    runs.settle(taken.get(1).lease(), List.of(), new End.Failed("no"), "", T0);
    runs.release(taken.get(2).lease());
    assertThat(runs.acquire(new LeaseOwner("you", "there"), T0, 1)).hasSize(1);
    LeasedRun mine = taken.getFirst();
    runs.record(
        mine.lease(),
        List.of(
            new Fact.Intended(
                T0, "shell", new CommandHost("1f", "web-1", "boot"), "", Duration.ZERO),
            new Fact.Busy(T0, "shell", "no", T0)),
        List.of(new Status(GithubState.IN_PROGRESS, "Going")),
        "",
        T0);
    runs.renew(mine.lease());
    runs.confirm(mine.lease());
    assertThat(runs.renewAll("me", List.of(mine.lease()), List.of(2L))).isEmpty();
    runs.record(
        mine.lease(),
        List.of(new Fact.Detached(T0, "shell", "lost"), new Fact.Seen(T0, "shell", "on", T0)),
        List.of(),
        "",
        T0);
    Logs.Extent _ = new Logs(database).extent(mine.lease());
    List<Fact> _ = runs.facts(mine.run().id());
    assertThat(runs.isAcceptedByAnother(first, 1, "dep-of-nobody")).isFalse();
    long _ = new Logs(database).append(mine.lease(), "line\n");
    new PollRequests(database).add("Render service srv-1");
    assertThat(new PollRequests(database).after(0)).hasSize(1);
    String cursor = new Logs(database).providerPosition(mine.lease(), "shell").cursor();
    new Logs(database)
        .appendProvider(
            mine.lease(), "shell", cursor, new Logs.ProviderPosition("next", 5), "line\n");
    String queueKey = mine.run().queueKey();
    long _ =
        ManyDeployments.accept(database, ManyDeployments.deployment(DEPLOYMENTS + 3L), queueKey);
    long _ = ManyDeployments.accept(database, sibling, "queue 1");
    List<Long> _ = runs.stopRequests("me");
    cancelEverything(database, first);
    holdBack(database, runs, taken.get(4));
    runs.settle(mine.lease(), List.of(), new End.Succeeded(null, "live"), "", T0);
    runs.releaseAll("me", List.of(3L));
    lock(database, runs, taker);
    destroy(database);
    readEverything(database, late, first);
    turnAway(database, sibling);
    post(database);
    tell(notifications);
    sweep(database);
  }

  private static void holdBack(Database database, Runs runs, LeasedRun run) throws Exception {
    EnvironmentLocks locks = new EnvironmentLocks(database);
    List<Fact> intent = List.of(new Fact.Intended(T0, "shell", null, "", Duration.ZERO));
    locks.place(new EnvironmentLocks.Wish(LockScope.EVERYTHING, "ann", "move", null), ANN, T0);
    assertThat(runs.recordIntent(run.lease(), intent, List.of(), "", T0)).isPresent();
    assertThat(runs.requeue(run.lease(), T0, "line\n", T0)).isTrue();
    assertThat(locks.remove(LockScope.EVERYTHING, ANN, T0)).isPresent();
  }

  private static void destroy(Database database) {
    Deployment like = ManyDeployments.deployment(DEPLOYMENTS + 6L);
    Deployment preview =
        new Deployment(
            like.repository(),
            like.githubId(),
            like.sha(),
            "feature",
            new Environment("pr-12", true, false),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    Route route =
        new Route(
            "previews",
            RouteMatch.ANY,
            OriginPolicy.NONE,
            List.of("shell"),
            null,
            QueuePolicy.LATEST,
            ProtectionRules.NONE,
            new DestroyPolicy(List.of("shell"), true));
    long first = ManyDeployments.accept(database, preview, "preview");
    Inbox inbox = new Inbox(database, Duration.ofDays(90));
    Delivery delivery =
        new Delivery("guid", "pull_request", DeliverySource.WEBHOOK, "current", "00", T0);
    Optional<Instant> before = inbox.record(transaction -> transaction.firstReceived(delivery));
    assertThat(before).isEmpty();
    List<StoredDeployment> standing =
        inbox.record(transaction -> transaction.transientEnvironments(preview.repository()));
    assertThat(standing).hasSize(1);
    assertThat(inbox.record(it -> it.isNewestOfTransient(standing.getFirst())).booleanValue())
        .isTrue();
    QueueEntry entry =
        new QueueEntry(first, 2, preview, new RunPurpose.Destroy("pull request #12", true));
    long ends =
        inbox.record(
            transaction -> {
              RunQueue queue = transaction.lockQueue("preview");
              queue.endWaitingOf(preview, new End.Superseded("no"), T0);
              return queue.enqueue(entry, route, T0).ahead();
            });
    assertThat(ends).isZero();
    long run =
        database.read(
            sql ->
                sql.number("select id from run where deployment_id = ? and number = ?", first, 2));
    Lease lease = new Lease(run, first, 2, "me", 1);
    boolean _ =
        database.write(
            sql -> {
              StandingEnvironments.recordDestroyed(sql, lease, new End.Destroyed("gone"), T0);
              return true;
            });
    TransientEnvironments environments = new TransientEnvironments(database);
    assertThat(environments.list(Long.MAX_VALUE, 10, _ -> true).rows()).isEmpty();
    assertThat(environments.find(preview.repository(), preview.environment().name())).isEmpty();
    GithubDeletions deletions = new GithubDeletions(database);
    GithubDeletions.Deletion due =
        new GithubDeletions.Deletion(
            new DeploymentQueries(database).find(first).orElseThrow().deployment(), 0);
    assertThat(deletions.due("github.com", T0, 10)).isEmpty();
    deletions.postpone(due, T0);
    deletions.forget(due);
  }

  private static void lock(Database database, Runs runs, LeaseOwner taker) {
    EnvironmentLocks locks = new EnvironmentLocks(database);
    long head =
        database.read(
            sql ->
                sql.number(
                    "select head_run_id from queue where running_run_id is null"
                        + " and head_run_id is not null and held_until <= 0"
                        + " order by held_until, head_run_id limit 1"));
    LockScope next = new LockScope("", "octo/r" + head, "");
    EnvironmentLocks.Wish wish = new EnvironmentLocks.Wish(next, "ann", "move", null);
    assertThat(locks.place(wish, ANN, T0)).isInstanceOf(EnvironmentLocks.Placement.Placed.class);
    assertThat(runs.acquire(taker, T0, 20))
        .extracting(run -> run.run().id())
        .contains(head + 1)
        .doesNotContain(head);
    assertThat(locks.place(wish, ANN, T0)).isInstanceOf(EnvironmentLocks.Placement.Renewed.class);
    assertThat(locks.list(T0)).hasSize(1);
    assertThat(locks.remove(locks.list(T0).getFirst().id(), ANN, T0)).isPresent();
    assertThat(locks.remove(next, ANN, T0)).isEmpty();
    long _ = ManyDeployments.accept(database, ManyDeployments.deployment(DEPLOYMENTS + 4L), "free");
    boolean isHeld =
        new Inbox(database, Duration.ofDays(90))
            .record(
                transaction ->
                    transaction.hold(ManyDeployments.deployment(DEPLOYMENTS + 5L), T0).isPresent());
    assertThat(isHeld).isFalse();
    Inbox inbox = new Inbox(database, Duration.ofDays(90));
    Deployment last = ManyDeployments.deployment(DEPLOYMENTS);
    Optional<Boolean> overridden =
        inbox.record(ledger -> ledger.overrideFreeze(DEPLOYMENTS, ANN, "so", T0));
    assertThat(overridden).isPresent();
    Optional<String> live = inbox.record(ledger -> ledger.liveCommit(last, "Production"));
    assertThat(live).isPresent();
  }

  private static void cancelEverything(Database database, long waiting) {
    Fact.CancelRequested request = new Fact.CancelRequested(T0, "ann", "");
    Inbox inbox = new Inbox(database, Duration.ofDays(90));
    for (long id : List.of(1L, 7L, waiting)) {
      assertThat(inbox.record(ledger -> ledger.cancel(id, request)).isPresent()).isTrue();
    }
    assertThat(new AuditLog(database).list(Long.MAX_VALUE, 3, _ -> true).rows()).hasSize(3);
    Caller caller = new Caller("ci", Set.of(Scope.READ), List.of());
    AuditEntry entry =
        new AuditEntry(
            T0, new Actor("ann", Actor.Via.CLI), AuditEntry.Action.CREATE_TOKEN, null, "", "", "");
    ApiTokens tokens = ApiTokens.of(database);
    assertThat(tokens.create(caller, "00", entry)).isTrue();
    assertThat(tokens.authenticate("00", T0)).contains(caller);
    assertThat(tokens.list()).hasSize(1);
    assertThat(tokens.revoke("ci", entry)).isTrue();
  }

  private static AuditEntry linksRevoked(long id) {
    return AuditEntry.of(
        T0,
        new Actor("ann", Actor.Via.API),
        AuditEntry.Action.REVOKE_LINKS,
        id,
        ManyDeployments.deployment(id),
        "");
  }

  private static void readEverything(Database database, Deployment late, long first) {
    DeploymentQueries deployments = new DeploymentQueries(database);
    assertThat(deployments.find(first)).isPresent();
    assertThat(deployments.liveCommit(late)).isEmpty();
    assertThat(deployments.detached()).isZero();
    for (String repository : new @Nullable String[] {null, "octo/r5"}) {
      DeploymentQueries.DeploymentFilter filter =
          new DeploymentQueries.DeploymentFilter(repository, "production", null);
      assertThat(deployments.list(filter, Long.MAX_VALUE, 1, _ -> true).rows()).hasSize(1);
    }
    Releases releases = new Releases(database);
    assertThat(releases.live(late.repository(), late.environment())).isEmpty();
    assertThat(releases.find(first)).isEmpty();
    StoredDeployment known = deployments.find(first).orElseThrow().deployment();
    assertThat(releases.before(new Releases.Release(known, T0))).isEmpty();
    assertThat(deployments.revokeLinks(first, linksRevoked(first))).isTrue();
    assertThat(deployments.hasLinks(first, 1)).isTrue();
    ReceivedCallbacks callbacks = new ReceivedCallbacks(database);
    assertThat(callbacks.record(first, "new", "{}", T0))
        .isEqualTo(ReceivedCallbacks.Recording.RECORDED);
    assertThat(callbacks.record(first, "new", "{}", T0))
        .isEqualTo(ReceivedCallbacks.Recording.REPEATED);
    assertThat(callbacks.find(first, "new")).isPresent();
    assertThat(deployments.numberOf("nowhere", 1)).isEmpty();
    assertThat(deployments.doneBy(new ChatOpsAct(first, 1))).isEmpty();
    Inbox inbox = new Inbox(database, Duration.ofDays(90));
    Integer _ =
        inbox.record(
            transaction -> {
              transaction.recordAct(new ChatOpsAct(first, 1), first);
              return 1;
            });
    assertThat(inbox.beginGithubOrder("order", T0)).isTrue();
    assertThat(inbox.hasBegunGithubOrder("order")).isTrue();
    inbox.forgetGithubOrder("order");
    assertThat(new WebhookSecrets(database).uses()).hasSizeLessThan(2);
    Logs logs = new Logs(database);
    Logs.Piece _ = logs.read(first, 0, 1000);
    Counters tally = new Counters(database);
    assertThat(tally.runCounts().queued()).isGreaterThan(WAITING - 20L);
    assertThat(tally.counts()).isNotEmpty();
    ReconcileState watch = new ReconcileState(database);
    Repository repository = new Repository("github.com", 7, "octo/r5");
    assertThat(watch.lock("github.com").acquire("me", T0, Duration.ofMinutes(1))).isTrue();
    assertThat(watch.watched("example.com", List.of("a/b"), T0)).hasSize(1);
    watch.recordList(repository, null, 1, T0, T0);
    watch.recordUnchanged(repository, T0);
    watch.recordHidden(repository, T0, T0);
    watch.recordWebhook(repository, new ReconcileState.WebhookState(null, T0, null, T0));
    assertThat(watch.watchedApp("example.com", T0).hook().id()).isNull();
    watch.recordAppWebhook("example.com", new ReconcileState.WebhookState(1L, T0, null, T0));
    assertThat(watch.provenance("github.com", 5, "none"))
        .isEqualTo(ReconcileState.Provenance.DELIVERED);
    assertThat(watch.provenance("github.com", Long.MAX_VALUE, "none"))
        .isEqualTo(ReconcileState.Provenance.UNKNOWN);
    assertThat(watch.isDecided("guid 5")).isTrue();
    MissedDeliveries _ = watch.missedDeliveries("github.com");
    watch.lock("github.com").release("me");
  }

  private static void inspect(String url) {
    StoreInspector inspector = new StoreInspector(url, new DatabaseLogin(null, null));
    assertThat(inspector.read(List.of("github.com")).lastDeliveries()).containsKey("github.com");
    assertThat(inspector.instance()).isEmpty();
    inspector.probe();
    DeploymentHistory history = DeploymentHistory.of(url, new DatabaseLogin(null, null));
    long last = DEPLOYMENTS;
    assertThat(history.deliveries("guid " + last)).isNotEmpty();
    assertThat(history.deliveries(last)).isNotEmpty();
    DeploymentHistory.GithubDeployment atGithub =
        new DeploymentHistory.GithubDeployment("github.com", last);
    assertThat(history.turnedAway(atGithub)).isEmpty();
    assertThat(history.find(atGithub)).contains(last);
    assertThat(history.find(last).orElseThrow().runs())
        .extracting(run -> run.run().state())
        .containsExactly(StoredRun.State.QUEUED);
  }

  private static void turnAway(Database database, Deployment sibling) {
    Delivery delivery =
        new Delivery("guid 7", "deployment", DeliverySource.WEBHOOK, "current", "00", T0);
    boolean told =
        new Inbox(database, Duration.ofDays(90))
            .record(
                ledger -> {
                  RunQueue _ = ledger.lockQueue("queue 9");
                  ledger.addRejectedDelivery(delivery, new Decision.NoRoute("none"), sibling);
                  Deployment other = ManyDeployments.deployment(DEPLOYMENTS + 9L);
                  long id = ledger.addDeployment(other, T0);
                  ledger
                      .lockQueue("queue 9")
                      .reject(
                          new QueueEntry(id, 1, other),
                          ManyDeployments.ROUTE,
                          new End.Cancelled("no"),
                          T0);
                  boolean _ = ledger.lockQueue("queue 9").runningOrHead().isPresent();
                  return ledger.isRedelivery(delivery, 7);
                });
    assertThat(told).isTrue();
  }

  private static void post(Database database) {
    Outboxes outboxes =
        new Outboxes(
            database, Duration.ofSeconds(20), Map.of("github.com", new PostLimits(80, 500)));
    assertThat(outboxes.unknown()).isEmpty();
    Outbox outbox = outboxes.all().getFirst();
    outbox.makeAllDueIfRequested(T0);
    ClaimedStatus first = outbox.claim(T0).orElseThrow();
    outbox.renew(T0, first);
    assertThat(outbox.confirmPost(first, () -> T0)).isTrue();
    outbox.confirmPosted(first, 4711, T0);
    ClaimedStatus second = outbox.claim(T0).orElseThrow();
    outbox.postpone(second, T0, true, "no", T0);
    Duration _ = outbox.pauseRepository(outbox.claim(T0).orElseThrow(), true, "no", T0);
    outbox.giveUp(outbox.claim(T0).orElseThrow(), T0, "no");
    outbox.abandon(outbox.claim(T0).orElseThrow(), T0, "gone");
    Duration _ = outbox.pauseAll(outbox.claim(T0).orElseThrow(), true, "no", T0);
    outbox.pause(T0);
    assertThat(outbox.nextDue(T0)).isPresent();
    assertThat(outbox.backlog().waiting()).isPositive();
  }

  private static Notifications notifications(Database database) {
    return new Notifications(
        database,
        List.of(
            new WebhookSubscription("all", EnumSet.allOf(GithubState.class), List.of(), List.of())),
        Duration.ofMinutes(1));
  }

  private static void tell(Notifications notifications) {
    notifications.freeOrphans();
    ClaimedNotification first = notifications.claim("all", T0).orElseThrow();
    notifications.confirmDelivered(first, T0);
    notifications.postpone(notifications.claim("all", T0).orElseThrow(), T0, "no", T0);
    notifications.giveUp(notifications.claim("all", T0).orElseThrow(), "no", T0);
    notifications.release(notifications.claim("all", T0).orElseThrow(), null, T0);
    assertThat(notifications.redeliver(first.id(), ANN, T0))
        .isEqualTo(Notifications.Redelivery.QUEUED);
    assertThat(notifications.list(Long.MAX_VALUE, 10)).hasSize(10);
    assertThat(notifications.find(first.id())).isPresent();
    assertThat(notifications.waiting()).containsKey("all");
  }

  private static void sweep(Database database) {
    Duration day = Duration.ofDays(1);
    Retention retention = new Retention(database, new Retention.Periods(day, day, day), "removed");
    Instant later = T0.plus(Duration.ofDays(30));
    for (int i = 0; i < 3; i++) {
      assertThat(retention.removeSome(later)).isTrue();
    }
  }
}
