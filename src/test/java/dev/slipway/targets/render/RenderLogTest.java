package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.targets.KeptProviderLog;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/** Render's own log of a deploy, read into ours. */
class RenderLogTest extends RenderFixture {
  private static final String ONE = DEPLOYS + "/dep-one";
  private static final String LOGS = "/v1/logs";
  private static final String DASHBOARD = "https://dashboard.render.example/web/x";

  private final KeptProviderLog kept = new KeptProviderLog();

  @BeforeEach
  void keep() {
    log.provider = Optional.of(kept);
    onGet(
        SERVICE_PATH,
        200,
        service("web_service", ",\"ownerId\":\"tea-1\",\"dashboardUrl\":\"" + DASHBOARD + "\""));
    onGet(SERVICE_PATH + "/events", 200, "[]");
  }

  private record Row(String id, Instant at, String message) {
    String json() {
      return "{\"id\":\"%s\",\"timestamp\":\"%s\",\"message\":\"%s\",\"labels\":[]}"
          .formatted(id, at, message);
    }
  }

  private static Row row(int second, String message) {
    return new Row("row-" + second, NOW.plusSeconds(second), message);
  }

  private static HttpResponse page(boolean hasMore, Instant next, Row... rows) {
    return json(
        200,
        "{\"hasMore\":%s,\"nextStartTime\":\"%s\",\"nextEndTime\":\"%s\",\"logs\":[%s]}"
            .formatted(
                hasMore,
                next,
                NOW,
                Arrays.stream(rows).map(Row::json).collect(Collectors.joining(","))));
  }

  private static HttpResponse page(Row... rows) {
    return page(false, NOW, rows);
  }

  private static void onLogs(HttpResponse answer) {
    render.when(get(LOGS), Times.once()).respond(answer);
  }

  private static void onLogsAlways(HttpResponse answer) {
    on(get(LOGS), answer);
  }

  /** What Render says of the deploy from now on. */
  private void is(String status) {
    render.clear(get(ONE));
    boolean isOver = RenderStatus.isOver(status);
    String deploy = deploy("dep-one", status, SHA);
    onGet(
        ONE, 200, isOver ? deploy.replaceFirst("}$", ",\"finishedAt\":\"" + now + "\"}") : deploy);
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private PollResult poll(Target target) throws InterruptedException {
    return target.poll(attempt(), "dep-one", log);
  }

  /** Polls until the deploy is over, as a run does. */
  private End end(Target target) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      switch (poll(target)) {
        case PollResult.Over(End end) -> {
          return end;
        }
        case PollResult.NotYet(Duration again) -> now = now.plus(again);
        case PollResult.Going(_, Duration again) -> now = now.plus(again);
        case PollResult.Unseen(_, Duration again) -> now = now.plus(again);
      }
    }
    throw new AssertionError("no end in reach");
  }

  private static List<String> logReads() {
    return requests().stream().filter(one -> one.startsWith("GET " + LOGS)).toList();
  }

  private static String types(HttpRequest read) {
    return read.getQueryStringParameterList().stream()
        .filter(one -> one.getName().getValue().equals("type"))
        .flatMap(one -> one.getValues().stream())
        .map(Object::toString)
        .collect(Collectors.joining("+"));
  }

  @Test
  void the_lines_of_the_build_are_read_on_from_the_last_one_and_each_comes_once() throws Exception {
    Target api = api();
    is("build_in_progress");
    pass(10);
    onLogs(page(row(1, "==> Cloning"), row(3, "==> Building")));
    PollResult _ = poll(api);

    pass(5);
    onLogs(page(row(3, "==> Building"), row(9, "npm ci")));
    PollResult _ = poll(api);

    assertThat(kept.lines).containsExactly("==> Cloning", "==> Building", "npm ci");
    assertThat(log.lines)
        .containsExactly(
            "Render: build_in_progress",
            "Render: its own log follows, on the lines without this mark");
    assertThat(logReads())
        .containsExactly(
            "GET /v1/logs?direction=forward&endTime=2026-11-20T10:01:07Z&limit=100&ownerId=tea-1&resource=srv-abc123&startTime=2026-11-20T10:01:00Z&type=build",
            "GET /v1/logs?direction=forward&endTime=2026-11-20T10:01:12Z&limit=100&ownerId=tea-1&resource=srv-abc123&startTime=2026-11-20T10:01:03Z&type=build");
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
  }

  @Test
  void another_process_reads_on_where_the_first_one_stopped() throws Exception {
    is("build_in_progress");
    pass(10);
    onLogs(page(row(1, "==> Cloning"), row(3, "==> Building")));
    PollResult _ = poll(api());

    pass(60);
    onLogs(page(row(3, "==> Building"), row(9, "npm ci")));
    PollResult _ = poll(api());

    assertThat(kept.lines).containsExactly("==> Cloning", "==> Building", "npm ci");
    assertThat(logReads().getLast()).contains("startTime=2026-11-20T10:01:03Z");
  }

  @Test
  void pages_are_read_on_where_render_says() throws Exception {
    is("build_in_progress");
    pass(60);
    onLogs(page(true, NOW.plusSeconds(4), row(1, "one"), row(3, "two")));
    onLogs(page(true, NOW.plusSeconds(4), row(4, "three")));
    onLogs(page(false, NOW, row(4, "three"), row(5, "four")));

    PollResult _ = poll(api());

    assertThat(kept.lines).containsExactly("one", "two", "three", "four");
    assertThat(logReads())
        .extracting(read -> read.replaceFirst(".*startTime=([^&]*).*", "$1"))
        .containsExactly("2026-11-20T10:01:00Z", "2026-11-20T10:01:04Z", "2026-11-20T10:01:04Z");
  }

  @Test
  void a_page_that_leads_nowhere_is_left_behind() throws Exception {
    is("build_in_progress");
    pass(60);
    onLogsAlways(page(true, NOW, row(0, "one")));

    PollResult _ = poll(api());

    assertThat(kept.lines).containsExactly("one");
    assertThat(logReads().getLast()).contains("startTime=2026-11-20T10:01:00.001Z");
  }

  @Test
  void a_build_that_fails_is_told_to_its_last_line_before_the_end() throws Exception {
    Target api = api();
    is("build_in_progress");
    pass(10);
    onLogs(page(row(1, "npm ci")));
    PollResult _ = poll(api);
    pass(5);
    is("build_failed");
    onLogs(page(row(1, "npm ci"), row(14, "npm ERR! missing script: build")));

    End end = end(api);

    assertThat(end).isInstanceOf(End.Failed.class);
    assertThat(kept.lines).containsExactly("npm ci", "npm ERR! missing script: build");
    // The last lines take a moment to be there
    assertThat(now).isEqualTo(NOW.plusSeconds(18));
    assertThat(logReads().getLast())
        .contains("endTime=2026-11-20T10:01:16Z", "type=build")
        .contains("startTime=2026-11-20T10:01:01Z");
    assertThat(requests().getLast()).startsWith("GET " + SERVICE_PATH + "/events");
  }

  @Test
  void the_rest_is_read_once_however_often_the_end_is_told() throws Exception {
    is("build_failed");
    onLogs(page(row(0, "boom")));
    End _ = end(api());

    End _ = end(api());

    assertThat(kept.lines).containsExactly("boom");
    assertThat(logReads()).hasSize(1);
  }

  @Test
  void the_service_is_read_from_the_end_of_the_build_on_and_a_success_waits_for_nothing()
      throws Exception {
    Target api = api();
    is("update_in_progress");
    pass(10);
    onLogs(page(row(1, "==> Build successful")));
    onLogs(page(row(1, "==> Build successful"), row(4, "listening on 8080")));
    PollResult _ = poll(api);
    is("live");
    pass(5);
    onLogs(page(row(4, "listening on 8080"), row(11, "GET / 200")));

    assertThat(poll(api)).isInstanceOf(PollResult.Over.class);

    assertThat(kept.lines)
        .containsExactly("==> Build successful", "listening on 8080", "GET / 200");
    assertThat(Arrays.stream(render.retrieveRecordedRequests(get(LOGS))).map(RenderLogTest::types))
        .containsExactly("build", "build+app", "build+app");
  }

  @ParameterizedTest
  @CsvSource({
    "403, '; check RENDER_API_KEY'",
    "404, '; check that RENDER_API_KEY'",
    "400, ''",
    "500, ''",
    "429, ''"
  })
  void a_log_that_cannot_be_read_is_said_once_and_the_deploy_goes_on(int status, String hint)
      throws Exception {
    Target api = api();
    is("build_in_progress");
    pass(10);
    onLogsAlways(json(status, "{\"message\":\"no logs for you\"}"));

    for (int i = 0; i < 3; i++) {
      assertThat(poll(api)).isInstanceOf(PollResult.Going.class);
      pass(40);
    }
    is("build_failed");

    assertThat(end(api)).isInstanceOf(End.Failed.class);
    assertThat(log.lines)
        .filteredOn(line -> line.contains("cannot be read"))
        .singleElement()
        .asString()
        .startsWith(
            "Render: its own log cannot be read, so this one goes on without it. Render answered "
                + status
                + ": no logs for you"
                + hint)
        .endsWith("see " + DASHBOARD);
    assertThat(kept.lines).isEmpty();
  }

  @Test
  void a_log_that_can_be_read_again_goes_on_without_a_gap() throws Exception {
    Target api = api();
    is("build_in_progress");
    pass(10);
    onLogs(json(503, "{}"));
    onLogs(page(row(1, "one"), row(38, "two")));

    PollResult _ = poll(api);
    pass(5);
    PollResult _ = poll(api);
    assertThat(logReads()).hasSize(1);
    pass(40);
    PollResult _ = poll(api);

    assertThat(kept.lines).containsExactly("one", "two");
  }

  @Test
  void what_is_no_page_of_a_log_is_trouble() throws Exception {
    is("build_in_progress");
    pass(10);
    onLogsAlways(json(200, "<html>"));

    assertThat(poll(api())).isInstanceOf(PollResult.Going.class);

    assertThat(log.lines).last().asString().contains("cannot be read").contains("no such thing");
  }

  @Test
  void of_a_log_that_is_too_long_the_end_is_kept_as_well() throws Exception {
    KeptProviderLog small = new KeptProviderLog(2);
    log.provider = Optional.of(small);
    Target api = api();
    is("build_in_progress");
    pass(10);
    onLogs(page(row(1, "one"), row(2, "two"), row(3, "three")));
    PollResult _ = poll(api);
    pass(5);
    PollResult _ = poll(api);
    assertThat(logReads()).hasSize(1);
    is("build_failed");
    onLogs(page(row(14, "boom"), row(13, "before the boom"), row(3, "three")));

    End _ = end(api);

    assertThat(small.lines)
        .containsExactly(
            "one",
            "two",
            "▸ Render: lines of its log are left out here; see " + DASHBOARD,
            "before the boom",
            "boom");
    assertThat(logReads().getLast()).contains("direction=backward");
  }

  @Test
  void an_end_without_an_end_to_its_log_is_not_held_up_for_long() throws Exception {
    is("build_failed");
    render
        .when(get(LOGS).withQueryStringParameter("direction", "forward"))
        .respond(
            asked -> {
              Instant from = Instant.parse(asked.getFirstQueryStringParameter("startTime"));
              return page(
                  true,
                  from.plusMillis(1),
                  new Row("row-" + from, from.plusMillis(1), "more and more"));
            });
    on(get(LOGS).withQueryStringParameter("direction", "backward"), page(row(0, "boom")));

    End _ = end(api());

    assertThat(Duration.between(NOW, now)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(30));
    assertThat(kept.lines).last().isEqualTo("boom");
    assertThat(logReads().size()).isLessThan(20);
  }

  @Test
  void reads_of_one_key_stay_within_thirty_in_any_minute() throws Exception {
    is("build_in_progress");
    onLogsAlways(page());
    Target one = api();
    Target other = api();

    pass(60);
    for (int i = 0; i < 120; i++) {
      PollResult _ = one.poll(attempt(), "dep-one", log);
      PollResult _ = other.poll(attempt(), "dep-one", log);
      pass(1);
    }

    // Ten at once and one each three seconds, half of the ten kept for deploys that end
    assertThat(logReads().size()).isBetween(40, 46);
  }

  @Test
  void deploys_that_end_find_reads_left_and_go_on_without_when_there_are_none() throws Exception {
    onLogsAlways(page());
    is("build_in_progress");
    pass(60);
    Target api = api();
    for (int i = 0; i < 20; i++) {
      PollResult _ = poll(api);
    }
    assertThat(logReads()).hasSize(5);
    RenderLogBudget budget = reads.of(new dev.slipway.secret.Secret(API_KEY)).logs();
    assertThat(IntStream.range(0, 20).filter(_ -> budget.take(true)).count()).isEqualTo(5);
    budget.pause(Duration.ofMinutes(1));
    is("build_failed");

    assertThat(end(api)).isInstanceOf(End.Failed.class);

    assertThat(log.lines).last().asString().contains("too many logs are read").contains(DASHBOARD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"created", "queued"})
  void a_deploy_that_waits_has_no_log(String status) throws Exception {
    is(status);
    pass(60);

    PollResult _ = poll(api());

    assertThat(logReads()).isEmpty();
  }

  @Test
  void a_hook_with_a_key_reads_the_log_as_well() throws Exception {
    is("build_in_progress");
    pass(10);
    onLogs(page(row(1, "npm ci")));

    PollResult _ = poll(hook());

    assertThat(kept.lines).containsExactly("npm ci");
  }

  @Test
  void a_log_that_nobody_wants_is_not_read() throws Exception {
    log.provider = Optional.empty();
    is("build_failed");

    assertThat(poll(api())).isInstanceOf(PollResult.Over.class);

    assertThat(logReads()).isEmpty();
  }
}
