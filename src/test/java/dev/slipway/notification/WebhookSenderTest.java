package dev.slipway.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
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
import dev.slipway.secret.WebhookSigner;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.Notifications;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.TestDatabases;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/** What a receiver is sent and when, with a clock that stands still until it is moved. */
@ResourceLock("receiver of the tests")
class WebhookSenderTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final Status WORKING = new Status(GithubState.IN_PROGRESS, "Starting");
  private static final Status LIVE =
      new Status(GithubState.SUCCESS, "Live", URI.create("https://shop.example.com/?a=1&b=2"));
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);
  private static final NotificationLinks LINKS =
      new NotificationLinks(
          deployment -> "https://slipway.example/api/deployments/" + deployment.id(),
          deployment ->
              Optional.of("https://slipway.example/deployments/" + deployment.id() + "/key"));

  private static ClientAndServer receiver;
  private static Http http;

  private Instant now = T0;

  @BeforeAll
  static void start() {
    receiver = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(15), "Slipway/test");
  }

  @AfterAll
  static void stop() {
    http.close();
    receiver.stop();
  }

  @BeforeEach
  @AfterEach
  void reset() {
    receiver.reset();
  }

  /** A database with one webhook. */
  private final class World implements AutoCloseable {
    final Database database;
    final Notifications notifications;
    final WebhookSender sender;

    World(TestDatabases kind, NotificationFormat format) {
      this(kind, format, http::send);
    }

    World(TestDatabases kind, NotificationFormat format, WebhookSender.Transport transport) {
      database = Database.open(kind.url(), new DatabaseLogin(null, null));
      WebhookSubscription all =
          new WebhookSubscription("chat", EnumSet.allOf(GithubState.class), List.of(), List.of());
      notifications = new Notifications(database, List.of(all), WebhookSender.CLAIM);
      Secret url =
          new Secret("http://127.0.0.1:" + receiver.getPort() + "/services/T000/B000/4fzQmPk9RmXy");
      OutgoingWebhook webhook = new OutgoingWebhook(url, SECRET, format, true, all);
      sender =
          new WebhookSender(
              webhook,
              LINKS,
              notifications,
              transport,
              new Redactor(OutgoingWebhook.secretParts(url).stream().map(Secret::new).toList()),
              () -> now);
    }

    long deployment(long githubId, String ref, Status... statuses) {
      Deployment deployment =
          new Deployment(
              new Repository("github.com", 7, "octo/hello"),
              githubId,
              "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
              ref,
              new Environment("production", false, true),
              "deploy",
              "{\"password\":\"no business of others\"}",
              "",
              "mia",
              T0);
      return new Inbox(database, Duration.ofDays(90))
          .record(
              ledger -> {
                long id = ledger.addDeployment(deployment, now);
                ledger
                    .lockQueue("key" + githubId)
                    .enqueue(new QueueEntry(id, 1, deployment), ROUTE, now);
                for (Status status : statuses) {
                  ledger.addStatus(id, 1, status, now);
                }
                return id;
              });
    }

    Notifications.Report newest() {
      return notifications.list(Long.MAX_VALUE, 1).getFirst();
    }

    void sendAll() throws InterruptedException {
      while (sender.sendNext()) {
        now = now.plusMillis(1);
      }
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static void answer(HttpResponse answer) {
    receiver.when(request(), Times.unlimited()).respond(answer);
  }

  private static HttpResponse status(int status) {
    return response().withStatusCode(status);
  }

  private static List<HttpRequest> received() {
    return Arrays.asList(receiver.retrieveRecordedRequests(request()));
  }

  private static List<String> states() {
    return received().stream()
        .map(call -> JsonCodec.read(call.getBodyAsString()).path("data").path("state").asString())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_receiver_gets_signed_events_in_the_order_of_the_statuses(TestDatabases kind)
      throws Exception {
    answer(status(204));
    try (World world = new World(kind, NotificationFormat.STANDARD)) {
      long id = world.deployment(42, "main", WORKING, LIVE);

      world.sendAll();

      assertThat(states()).containsExactly("in_progress", "success");
      HttpRequest last = received().getLast();
      String body = new String(last.getBodyAsRawBytes(), StandardCharsets.UTF_8);
      assertThat(JsonCodec.read(body))
          .isEqualTo(
              JsonCodec.read(
                  """
                  {"type": "deployment.success", "timestamp": "2026-11-21T10:00:00.123Z",
                   "data": {"id": %1$d, "github_deployment_id": 42, "host": "github.com",
                    "repository": "octo/hello", "environment": "production", "task": "deploy",
                    "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", "ref": "main",
                    "creator": "mia", "run": 1, "state": "success", "description": "Live",
                    "log_url": "https://slipway.example/deployments/%1$d/key",
                    "environment_url": "https://shop.example.com/?a=1&b=2",
                    "url": "https://slipway.example/api/deployments/%1$d"}}
                  """
                      .formatted(id)));
      String eventId = world.newest().eventId();
      assertThat(last.getMethod().getValue()).isEqualTo("POST");
      assertThat(last.getPath().getValue()).isEqualTo("/services/T000/B000/4fzQmPk9RmXy");
      assertThat(last.getFirstHeader("content-type")).isEqualTo("application/json");
      assertThat(last.getFirstHeader("webhook-id")).isEqualTo(eventId);
      assertThat(last.getFirstHeader("webhook-timestamp"))
          .isEqualTo(Long.toString(T0.getEpochSecond()));
      assertThat(last.getFirstHeader("webhook-signature"))
          .isEqualTo(new WebhookSigner(SECRET).signature(eventId, T0, body));
      assertThat(world.newest().deliveredAt()).isNotNull();
    }
  }

  @Test
  void a_try_that_fails_is_repeated_at_the_times_of_standard_webhooks() throws Exception {
    answer(status(503).withBody("try /services/T000/B000/4fzQmPk9RmXy later"));
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.STANDARD)) {
      world.deployment(42, "main", WORKING);
      List<Duration> waits = new ArrayList<>();
      Instant tried = now;
      assertThat(world.sender.sendNext()).isTrue();
      for (Instant next = world.newest().nextAt(); next != null; next = world.newest().nextAt()) {
        now = next.minusMillis(1);
        assertThat(world.sender.sendNext()).as("before its time").isFalse();
        waits.add(Duration.between(tried, next));
        now = next;
        tried = next;
        assertThat(world.sender.sendNext()).isTrue();
      }

      assertThat(waits)
          .containsExactly(
              Duration.ofSeconds(5),
              Duration.ofMinutes(5),
              Duration.ofMinutes(30),
              Duration.ofHours(2),
              Duration.ofHours(5),
              Duration.ofHours(10),
              Duration.ofHours(14),
              Duration.ofHours(20),
              Duration.ofHours(24));
      assertThat(world.newest().givenUpAt()).isEqualTo(now);
      assertThat(world.newest().problem()).isEqualTo("The receiver answered 503: try *** later");
      assertThat(received()).hasSize(10);
      assertThat(received())
          .extracting(call -> call.getFirstHeader("webhook-id"))
          .containsOnly(world.newest().eventId());
      assertThat(received())
          .extracting(call -> call.getFirstHeader("webhook-timestamp"))
          .doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource
  void all_arrives_in_order_when_a_receiver_was_away_for_an_hour(TestDatabases kind)
      throws Exception {
    Instant back = T0.plus(Duration.ofHours(1));
    receiver.when(request()).respond(_ -> now.isBefore(back) ? status(502) : status(200));
    try (World world = new World(kind, NotificationFormat.STANDARD)) {
      world.deployment(42, "main", WORKING);
      world.sendAll();
      world.deployment(43, "main", WORKING, LIVE);
      // Each look finds what is due; between them time passes as on a server
      for (int minute = 0; minute < 60 * 4; minute++) {
        world.sendAll();
        now = now.plusSeconds(60);
      }

      assertThat(world.notifications.waiting()).containsEntry("chat", 0L);
      assertThat(world.notifications.list(Long.MAX_VALUE, 10))
          .hasSize(3)
          .allMatch(report -> !Objects.requireNonNull(report.deliveredAt()).isBefore(back));
      List<String> of43 =
          received().stream()
              .map(call -> JsonCodec.read(call.getBodyAsString()).path("data"))
              .filter(data -> data.path("github_deployment_id").asLong() == 43)
              .map(data -> data.path("state").asString())
              .distinct()
              .toList();
      assertThat(of43).containsExactly("in_progress", "success");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, 3, 5",
    "429, 120, 120",
    "503, 120, 120",
    "503, 999999999, 86400",
    "400, 60, 60"
  })
  void a_receiver_may_ask_for_a_longer_wait(int code, String retryAfter, long seconds)
      throws Exception {
    answer(status(code).withHeader("Retry-After", retryAfter));
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.STANDARD)) {
      world.deployment(42, "main", WORKING);
      world.sender.sendNext();

      assertThat(world.newest().nextAt()).isEqualTo(T0.plusSeconds(seconds));
    }
  }

  @Test
  void too_many_requests_is_about_all_that_waits_for_the_receiver() throws Exception {
    answer(status(429).withHeader("Retry-After", "30"));
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.STANDARD)) {
      world.deployment(42, "main", WORKING);
      world.deployment(43, "main", WORKING);

      assertThat(world.sender.sendNext()).isTrue();
      assertThat(world.sender.sendNext()).isFalse();
      now = now.plusSeconds(30);
      assertThat(world.sender.sendNext()).isTrue();
      assertThat(received()).hasSize(2);
    }
  }

  @Test
  void gone_stops_the_webhook_until_the_next_start() throws Exception {
    answer(status(410).withBody("channel_is_archived"));
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.SLACK)) {
      world.deployment(42, "main", WORKING);
      assertThat(world.sender.sendNext()).isTrue();
      world.deployment(43, "main", WORKING);
      now = now.plus(Duration.ofDays(1));

      assertThat(world.sender.sendNext()).isFalse();
      assertThat(received()).hasSize(1);
      assertThat(world.notifications.list(Long.MAX_VALUE, 2).getLast().problem())
          .isEqualTo(
              "The receiver answered 410: channel_is_archived; nothing is sent there until the next"
                  + " start");
      assertThat(world.notifications.waiting()).containsEntry("chat", 2L);
    }
  }

  @ParameterizedTest
  @CsvSource({"301", "307", "404", "500"})
  void anything_but_2xx_is_a_failure_and_no_redirect_is_followed(int code) throws Exception {
    answer(
        status(code)
            .withHeader("Location", "http://127.0.0.1:" + receiver.getPort() + "/elsewhere"));
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.STANDARD)) {
      world.deployment(42, "main", WORKING);
      world.sender.sendNext();

      assertThat(world.newest().problem()).isEqualTo("The receiver answered " + code);
      assertThat(received()).hasSize(1);
    }
  }

  @Test
  void slack_gets_a_message_in_which_text_from_outside_is_only_text() throws Exception {
    answer(status(200).withBody("ok"));
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.SLACK)) {
      Status status =
          new Status(GithubState.FAILURE, "<!channel> a & b <https://evil.example|click>");
      world.deployment(42, "main<!here>", status);
      long second = world.deployment(43, "main", LIVE);

      world.sendAll();

      String text =
          "octo/hello to production: *failure*\n&lt;!channel&gt; a &amp; b"
              + " &lt;https://evil.example|click&gt;";
      var first = JsonCodec.read(received().getFirst().getBodyAsString());
      assertThat(first.path("text").asString()).isEqualTo(text);
      assertThat(first.path("blocks").get(0))
          .isEqualTo(
              JsonCodec.read(
                  JsonCodec.object()
                      .put("type", "section")
                      .set(
                          "text",
                          JsonCodec.object()
                              .put("type", "mrkdwn")
                              .put("text", text)
                              .put("verbatim", true))
                      .toString()));
      assertThat(facts(first))
          .contains("f95f852 of main&lt;!here&gt; · task deploy · run 1 · by mia");
      assertThat(facts(JsonCodec.read(received().getLast().getBodyAsString())))
          .endsWith(
              " · <https://slipway.example/deployments/%d/key|log> · <https://shop.example.com/?a=1&amp;b=2|open>"
                  .formatted(second));
      assertThat(received().getFirst().getBodyAsString()).doesNotContain("no business");
    }
  }

  private static String facts(tools.jackson.databind.JsonNode message) {
    return message.path("blocks").get(1).path("elements").get(0).path("text").asString();
  }

  @ParameterizedTest
  @EnumSource
  void what_was_under_way_when_the_sender_was_interrupted_is_due_at_once(TestDatabases kind)
      throws Exception {
    List<Integer> calls = new ArrayList<>();
    WebhookSender.Transport interrupted =
        (_, _) -> {
          calls.add(1);
          if (calls.size() == 1) {
            throw new InterruptedException("the process stops");
          }
          return new Reply.Answered(200, Map.of(), "");
        };
    try (World world = new World(kind, NotificationFormat.STANDARD, interrupted)) {
      world.deployment(42, "main", WORKING);

      assertThatThrownBy(world.sender::sendNext).isInstanceOf(InterruptedException.class);
      assertThat(world.sender.sendNext()).isTrue();

      assertThat(world.newest().failures()).isZero();
      assertThat(world.newest().deliveredAt()).isNotNull();
    }
  }

  @Test
  void a_request_is_not_written_once_another_process_may_have_it() throws Exception {
    List<Boolean> may = new ArrayList<>();
    WebhookSender.Transport slow =
        (_, maySend) -> {
          may.add(maySend.getAsBoolean());
          now = now.plusSeconds(31);
          may.add(maySend.getAsBoolean());
          return new Reply.NotSent("too late", true);
        };
    try (World world = new World(TestDatabases.SQLITE, NotificationFormat.STANDARD, slow)) {
      world.deployment(42, "main", WORKING);
      world.sender.sendNext();

      assertThat(may).containsExactly(true, false);
      assertThat(world.newest().problem()).isEqualTo("The receiver was not reached: too late");
    }
  }

  @Test
  void no_name_of_it_shows_the_address() {
    Secret url = new Secret("https://hooks.slack.com/services/T000/B000/4fzQmPk9RmXy");
    OutgoingWebhook webhook =
        new OutgoingWebhook(
            url,
            SECRET,
            NotificationFormat.SLACK,
            true,
            new WebhookSubscription(
                "chat", EnumSet.allOf(GithubState.class), List.of(), List.of()));

    assertThat(webhook).hasToString("OutgoingWebhook[chat]");
    assertThat(OutgoingWebhook.secretParts(url))
        .containsExactly("/services/T000/B000/4fzQmPk9RmXy");
    assertThat(OutgoingWebhook.secretParts(new Secret("https://chat.example.com/webhooks")))
        .isEmpty();
  }
}
