package dev.slipway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Actor;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.model.WebhookSubscription;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.store.ClaimedNotification;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.Notifications;
import dev.slipway.store.QueueEntry;
import dev.slipway.targets.command.ProcessWatcher;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.time.SystemTime;
import dev.slipway.time.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill between two steps of a command after an end leads to: never to a second start. */
class AfterCommandRunnerTest {
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static final String SECRET = "correct horse battery staple";

  @TempDir Path folder;
  private final Time time = new SystemTime();
  private Database database;
  private Notifications notifications;

  @BeforeEach
  void open() {
    database =
        Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null));
    notifications =
        new Notifications(
            database,
            List.of(
                WebhookSubscription.ofRoutes(
                    "after-success", Set.of(GithubState.SUCCESS), Set.of("default"))),
            WebhookSender.CLAIM);
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            42L,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            time.instant());
    long _ =
        new Inbox(database, Duration.ofDays(90))
            .record(
                ledger -> {
                  long id = ledger.addDeployment(deployment, time.instant());
                  ledger
                      .lockQueue("key")
                      .enqueue(new QueueEntry(id, 1, deployment), ROUTE, time.instant());
                  ledger.addStatus(id, 1, new Status(GithubState.SUCCESS, "Live"), time.instant());
                  return id;
                });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private AfterCommandRunner runner(String command) {
    Duration limit = Duration.ofMinutes(1);
    return new AfterCommandRunner(
        "after-success",
        Map.of(
            "default",
            new ShellConfig(
                "SLIPWAY_AFTER_SUCCESS_CMD",
                command,
                folder,
                folder.resolve("runs"),
                null,
                Map.of(),
                limit,
                limit,
                new AttemptLimits(limit, limit, limit, limit))),
        notifications,
        new Redactor(List.of(new Secret(SECRET))),
        time,
        new ProcessWatcher());
  }

  private Notifications.Report report() {
    return notifications.list(Long.MAX_VALUE, 1).getFirst();
  }

  /** What the next process does first. */
  private void die() {
    notifications.freeOrphans();
  }

  @Test
  void killed_before_the_intent_it_is_run_by_the_next_process() throws Exception {
    assertThat(notifications.claim("after-success", time.instant())).isPresent();
    die();

    assertThat(runner("echo ran >> ran").sendNext()).isTrue();

    assertThat(folder.resolve("ran")).hasContent("ran");
    assertThat(report().outcome()).isEqualTo(Notifications.Outcome.DELIVERED);
  }

  @Test
  void killed_after_the_intent_it_is_not_run_and_that_is_said() throws Exception {
    ClaimedNotification claimed =
        notifications.claim("after-success", time.instant()).orElseThrow();
    Instant now = time.instant();
    assertThat(notifications.begin(claimed, now, now)).isTrue();
    die();

    assertThat(runner("echo ran >> ran").sendNext()).isTrue();

    assertThat(folder.resolve("ran")).doesNotExist();
    assertThat(report().outcome()).isEqualTo(Notifications.Outcome.GIVEN_UP);
    assertThat(report().problem())
        .isEqualTo(
            "Slipway stopped when it was about to start, and it is not known whether it ran; it is"
                + " not run again unless it is redelivered");

    assertThat(notifications.redeliver(report().id(), ANN, time.instant()))
        .isEqualTo(Notifications.Redelivery.QUEUED);
    assertThat(runner("echo ran >> ran").sendNext()).isTrue();
    assertThat(folder.resolve("ran")).hasContent("ran");
  }

  @Test
  void who_lost_it_to_another_process_starts_nothing() throws Exception {
    ClaimedNotification lost = notifications.claim("after-success", time.instant()).orElseThrow();
    die();
    assertThat(notifications.claim("after-success", time.instant())).isPresent();

    assertThat(notifications.begin(lost, time.instant(), time.instant())).isFalse();
    assertThat(notifications.renew(lost, time.instant())).isFalse();
  }

  @Test
  void a_command_that_cannot_start_is_given_up_under_its_own_name() throws Exception {
    assertThat(runner("nobody-has-such-a-command").sendNext()).isTrue();

    assertThat(report().problem())
        .startsWith(
            "Command exited with 127, command not found: change SLIPWAY_AFTER_SUCCESS_CMD;"
                + " output: ");
    assertThat(Files.exists(folder.resolve("ran"))).isFalse();
  }

  @Test
  void what_is_told_of_its_output_holds_no_secret_even_in_colours() throws Exception {
    assertThat(
            runner("printf 'no: correct \\033[1mhorse\\033[0m battery staple'; exit 3").sendNext())
        .isTrue();

    assertThat(report().problem()).isEqualTo("Command exited with 3; output: no: ***");
  }
}
