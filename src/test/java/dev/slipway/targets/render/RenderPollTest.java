package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.matchers.Times.once;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.targets.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderPollTest extends RenderFixture {
  private static final String ONE = DEPLOYS + "/dep-one";

  @ParameterizedTest
  @CsvSource({
    "created, 10",
    "queued, 10",
    "build_in_progress, 5",
    "pre_deploy_in_progress, 5",
    "update_in_progress, 5",
    "something_new, 5"
  })
  void a_deploy_that_goes_on_is_looked_at_again(String status, int seconds) throws Exception {
    onGet(ONE, 200, deploy("dep-one", status, SHA));

    for (Target target : new Target[] {api(), hook()}) {
      assertThat(target.poll(attempt(), "dep-one", log))
          .isEqualTo(new PollResult.Going(status, Duration.ofSeconds(seconds)));
    }
    assertThat(requests()).containsExactly("GET " + ONE, "GET " + ONE);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
  }

  @Test
  void looks_share_a_connection_that_nothing_else_uses() throws Exception {
    List<Integer> connections = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          connections.add(exchange.getRemoteAddress().getPort());
          byte[] body =
              deploy("dep-one", "build_in_progress", SHA).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      RenderApi api =
          api(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), SERVICE, null);

      start(api, attempt());
      for (int i = 0; i < 3; i++) {
        assertThat(api.poll(attempt(), "dep-one", log)).isInstanceOf(PollResult.Going.class);
      }
      api.stop(attempt(), "dep-one", log);
    } finally {
      server.stop(0);
    }

    assertThat(connections).hasSize(6);
    assertThat(connections.subList(2, 5)).containsOnly(connections.get(2));
    assertThat(Set.copyOf(connections)).hasSize(4);
  }

  @Test
  void no_status_is_no_end() throws Exception {
    onGet(ONE, 200, deploy("dep-one", null, SHA));

    assertThat(api().poll(attempt(), "dep-one", log))
        .isEqualTo(new PollResult.Going("no status yet", Duration.ofSeconds(5)));
  }

  @Test
  void each_phase_is_said_once() throws Exception {
    RenderApi api = api();
    for (String status :
        new String[] {"queued", "queued", "build_in_progress", "build_in_progress"}) {
      render.when(get(ONE), once()).respond(json(200, deploy("dep-one", status, SHA)));
      api.poll(attempt(), "dep-one", log);
    }
    assertThat(log.lines).containsExactly("Render: queued", "Render: build_in_progress");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void a_key_that_no_longer_works_is_named(int status) throws Exception {
    onGet(ONE, status, "{\"message\":\"unauthorized\"}");

    assertThat(api().poll(attempt(), "dep-one", log))
        .isInstanceOfSatisfying(
            PollResult.Unseen.class,
            unseen ->
                assertThat(unseen.reason())
                    .contains("" + status, "unauthorized", "RENDER_API_KEY"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, dep-one",
    "403, dep-one",
    "404, dep-one",
    "401, hook:1795168860000",
    "404, hook:1795168860000"
  })
  void a_key_that_stays_denied_ends_the_following_with_the_truth(int status, String id)
      throws Exception {
    onGet(ONE, status, "");
    onGet(DEPLOYS, status, "");
    RenderHook hook = hook();

    for (now = NOW; now.isBefore(NOW.plusSeconds(300)); now = now.plusSeconds(30)) {
      assertThat(hook.poll(attempt(), id, log)).isInstanceOf(PollResult.Unseen.class);
    }
    assertThat(hook.poll(attempt(), id, log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over ->
                assertThat(over.end())
                    .isInstanceOfSatisfying(
                        End.Errored.class,
                        end ->
                            assertThat(end.reason())
                                .contains(
                                    "may be live",
                                    "5 minutes",
                                    "" + status,
                                    "RENDER_API_KEY",
                                    SERVICE)));
  }

  @Test
  void a_key_that_is_denied_in_between_is_waited_for() throws Exception {
    RenderApi api = api();
    for (now = NOW; now.isBefore(NOW.plusSeconds(1200)); now = now.plusSeconds(60)) {
      render.reset();
      boolean isDenied = now.getEpochSecond() % 240 != 0;
      onGet(ONE, isDenied ? 401 : 200, deploy("dep-one", "build_in_progress", SHA));

      assertThat(api.poll(attempt(), "dep-one", log)).isNotInstanceOf(PollResult.Over.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, ''",
    "500, ''",
    "302, ''",
    "200, <html>",
    "200, {}",
    "200, '{\"id\":\"dep-other\",\"status\":\"live\"}'"
  })
  void what_cannot_be_seen_is_no_end(int status, String body) throws Exception {
    onGet(ONE, status, body);

    assertThat(api().poll(attempt(), "dep-one", log))
        .isInstanceOfSatisfying(
            PollResult.Unseen.class,
            unseen -> {
              assertThat(unseen.reason()).contains("Render answered " + status);
              assertThat(unseen.again()).isEqualTo(Duration.ofSeconds(10));
            });
  }

  @Test
  void failures_in_a_row_back_off_until_the_deploy_is_seen() throws Exception {
    RenderApi api = api();
    render.when(get(ONE), org.mockserver.matchers.Times.exactly(4)).respond(json(500, ""));
    render.when(get(ONE), once()).respond(json(200, deploy("dep-one", "update_in_progress", SHA)));
    onGet(ONE, 502, "");

    int[] seconds = {10, 20, 30, 30, 5, 10};
    for (int expected : seconds) {
      Duration again =
          switch (api.poll(attempt(), "dep-one", log)) {
            case PollResult.Unseen unseen -> unseen.again();
            case PollResult.Going going -> going.again();
            case PollResult.NotYet notYet -> throw new AssertionError(notYet);
            case PollResult.Over over -> throw new AssertionError(over);
          };
      assertThat(again).isEqualTo(Duration.ofSeconds(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Ratelimit-Reset, 45, 45",
    "Ratelimit-Reset, 1795168920, 60",
    "Retry-After, 12, 12",
    "Ratelimit-Reset, 99999999999, 300"
  })
  void a_rate_limit_is_waited_for_within_reason(String header, String value, int seconds)
      throws Exception {
    on(get(ONE), json(429, "").withHeader(header, value));

    assertThat(((PollResult.Unseen) api().poll(attempt(), "dep-one", log)).again())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void a_lost_connection_is_no_end() throws Exception {
    drop(get(ONE));
    assertThat(api().poll(attempt(), "dep-one", log)).isInstanceOf(PollResult.Unseen.class);

    RenderApi elsewhere = api(URI.create("http://no-such-host.invalid"), SERVICE, null);
    assertThat(elsewhere.poll(attempt(), "dep-one", log)).isInstanceOf(PollResult.Unseen.class);
  }

  @ParameterizedTest
  @CsvSource({"render-hook, hook, deploy_hook", "render-api, api, api"})
  void a_deploy_accepted_without_an_id_is_found_by_any_process(
      String name, String prefix, String trigger) throws Exception {
    String id = prefix + ":" + NOW.plusMillis(1500).toEpochMilli();
    render.when(get(DEPLOYS), once()).respond(json(200, "[]"));
    onGet(
        DEPLOYS,
        200,
        listed(
            deploy("dep-two", "created", SHA, trigger, NOW.plusSeconds(30)),
            deploy("dep-one", "created", SHA, trigger, NOW.plusSeconds(2))));
    onGet(ONE, 200, deploy("dep-one", "build_in_progress", SHA));

    assertThat(target(name, base()).poll(attempt(), id, log))
        .isEqualTo(new PollResult.Going("accepted, no deploy to see yet", Duration.ofSeconds(5)));
    Target restarted = target(name, base());
    assertThat(restarted.poll(attempt(), id, log))
        .isEqualTo(new PollResult.Going("build_in_progress", Duration.ofSeconds(5)));
    restarted.poll(attempt(), id, log);

    String list = "GET " + DEPLOYS + "?createdAfter=2026-11-20T10:00:56.500Z&limit=100";
    assertThat(requests()).containsExactly(list, list, "GET " + ONE, "GET " + ONE);
    assertThat(log.lines).contains("Render: the deploy is dep-one");
  }

  @Test
  void a_deploy_that_never_shows_ends_as_an_error_that_says_where_to_look() throws Exception {
    String id = "hook:" + NOW.toEpochMilli();
    onGet(DEPLOYS, 200, "[]");
    RenderHook hook = hook();

    now = NOW.plus(LIMITS.lookup()).minusMillis(1);
    assertThat(hook.poll(attempt(), id, log)).isInstanceOf(PollResult.Going.class);
    now = NOW.plus(LIMITS.lookup());
    assertThat(hook.poll(attempt(), id, log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over ->
                assertThat(over.end())
                    .isInstanceOfSatisfying(
                        End.Errored.class,
                        end -> assertThat(end.reason()).contains("f95f852", "srv-abc123")));
  }

  @Test
  void a_list_that_cannot_be_read_is_no_end() throws Exception {
    onGet(DEPLOYS, 500, "");
    now = NOW.plus(LIMITS.total());

    assertThat(hook().poll(attempt(), "hook:" + NOW.toEpochMilli(), log))
        .isInstanceOf(PollResult.Unseen.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dep-../x", "hook:", "hook:99999999999999999999", "untracked"})
  void an_id_of_nobody_is_an_error_and_never_part_of_an_address(String id) throws Exception {
    assertThat(api().poll(attempt(), id, log))
        .isInstanceOfSatisfying(
            PollResult.Over.class, over -> assertThat(over.end()).isInstanceOf(End.Errored.class));
    assertThat(requests()).isEmpty();
  }
}
