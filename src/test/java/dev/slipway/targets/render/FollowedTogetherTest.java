package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;

import dev.slipway.model.Attempt;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.secret.Secret;
import dev.slipway.targets.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.model.ClearType;
import org.mockserver.model.HttpRequest;

/** Several deploys of one service, followed at once. */
class FollowedTogetherTest extends RenderFixture {
  private static final Duration PACE = Duration.ofSeconds(5);
  private static final String LIST = "GET " + DEPLOYS + "?limit=100";

  private static Attempt attempt(int number, Instant since) {
    return new Attempt(attempt().deployment(), number, 1, "any", since, null);
  }

  private static Attempt attempt(int number) {
    return attempt(number, NOW);
  }

  private static String id(int number) {
    return "dep-" + number;
  }

  private static String building(int number) {
    return deploy(id(number), "build_in_progress", SHA);
  }

  private PollResult poll(Target target, int number) throws InterruptedException {
    return target.poll(attempt(number), id(number), log);
  }

  private static HttpRequest list() {
    return get(DEPLOYS).withQueryStringParameter("limit", "100");
  }

  /** So many that have each been seen once and are due again; what was asked is forgotten. */
  private RenderApi following(int count) throws InterruptedException {
    RenderApi api = api();
    for (int number = 1; number <= count; number++) {
      onGet(DEPLOYS + "/" + id(number), 200, building(number));
      assertThat(poll(api, number)).isInstanceOf(PollResult.Going.class);
    }
    now = now.plus(PACE);
    // The first was alone when it was looked at, and has a turn that is paid for
    assertThat(poll(api, 1)).isInstanceOf(PollResult.Going.class);
    now = now.plus(PACE);
    render.reset();
    return api;
  }

  @Test
  void deploys_of_one_service_are_asked_for_with_one_call() throws Exception {
    RenderApi api = following(20);
    onGet(
        DEPLOYS,
        200,
        listed(
            IntStream.rangeClosed(1, 20)
                .mapToObj(FollowedTogetherTest::building)
                .toArray(String[]::new)));

    for (int round = 1; round <= 3; round++) {
      for (int number = 1; number <= 20; number++) {
        assertThat(poll(api, number)).isEqualTo(new PollResult.Going("build_in_progress", PACE));
      }
      assertThat(requests()).hasSize(round).containsOnly(LIST);
      now = now.plus(PACE);
    }
  }

  @Test
  void runs_that_look_apart_look_again_together() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(building(1), building(2)));

    assertThat(poll(api, 1)).isEqualTo(new PollResult.Going("build_in_progress", PACE));
    now = now.plusSeconds(3);
    assertThat(poll(api, 2))
        .isEqualTo(new PollResult.Going("build_in_progress", Duration.ofSeconds(2)));
    assertThat(requests()).containsExactly(LIST);
  }

  @Test
  void hook_and_api_share_the_lists_of_a_service() throws Exception {
    RenderApi api = following(2);
    RenderHook hook = hook();
    onGet(DEPLOYS, 200, listed(building(3), building(2)));
    onGet(DEPLOYS + "/" + id(3), 200, building(3));
    poll(hook, 3);
    now = now.plus(PACE);
    render.clear(request(), ClearType.LOG);

    poll(api, 2);
    poll(hook, 3);

    assertThat(requests()).containsExactly(LIST);
  }

  @Test
  void a_deploy_is_asked_for_alone_when_the_others_have_ended() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(deploy(id(2), "live", SHA), building(1)));
    onGet(DEPLOYS + "/" + id(2), 200, deploy(id(2), "live", SHA));
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    onGet(DEPLOYS + "/" + id(1), 200, building(1));
    assertThat(poll(api, 2)).isInstanceOf(PollResult.Over.class);
    now = now.plus(PACE);
    render.clear(request(), ClearType.LOG);

    poll(api, 1);

    assertThat(requests()).containsExactly("GET " + DEPLOYS + "/" + id(1));
  }

  @Test
  void a_deploy_of_a_cron_job_that_could_not_be_stopped_is_followed_no_more() throws Exception {
    RenderApi api = api(base(), "crn-abc", null);
    String deploys = "/v1/services/crn-abc/deploys/";
    for (int number = 1; number <= 2; number++) {
      onGet(deploys + id(number), 200, building(number));
      assertThat(poll(api, number)).isInstanceOf(PollResult.Going.class);
    }
    now = now.plus(PACE);
    render.clear(request(), ClearType.LOG);

    String outcome = api.stop(attempt(1), id(1), log).outcome();
    poll(api, 2);

    assertThat(outcome).startsWith("not stopped");
    assertThat(requests()).containsExactly("GET " + deploys + id(2));
  }

  @Test
  void a_deploy_that_is_not_on_the_list_is_asked_for_by_itself() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(building(1)));
    onGet(DEPLOYS + "/" + id(2), 200, deploy(id(2), "update_in_progress", SHA));

    assertThat(poll(api, 2)).isEqualTo(new PollResult.Going("update_in_progress", PACE));
    assertThat(requests()).containsExactly(LIST, "GET " + DEPLOYS + "/" + id(2));
  }

  @ParameterizedTest
  @CsvSource({"200, <html>", "200, {}", "200, '[{\"deploy\":7}]'", "302, ''", "400, ''", "404, ''"})
  void a_deploy_whose_list_cannot_be_read_is_asked_for_by_itself(int status, String body)
      throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, status, body);
    onGet(DEPLOYS + "/" + id(2), 200, deploy(id(2), "update_in_progress", SHA));

    assertThat(poll(api, 2)).isEqualTo(new PollResult.Going("update_in_progress", PACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "deactivated", "build_failed", "canceled"})
  void a_deploy_is_over_only_when_it_was_asked_for_by_itself(String status) throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(deploy(id(2), status, OTHER_SHA), building(1)));
    onGet(DEPLOYS + "/" + id(2), 200, building(2));

    assertThat(poll(api, 2)).isEqualTo(new PollResult.Going("build_in_progress", PACE));
  }

  @Test
  void deploys_that_are_over_on_the_list_are_asked_for_in_turn() throws Exception {
    RenderApi api = following(3);
    onGet(
        DEPLOYS, 200, listed(deploy(id(3), "live", SHA), deploy(id(2), "live", SHA), building(1)));
    for (int number = 2; number <= 3; number++) {
      onGet(DEPLOYS + "/" + id(number), 200, deploy(id(number), "live", SHA));
    }
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    for (int i = 0; i < 49; i++) {
      Duration _ = reads.of(new Secret(API_KEY)).budget().reserve();
    }

    assertThat(poll(api, 1)).isInstanceOf(PollResult.Going.class);
    Duration left = ((PollResult.NotYet) poll(api, 2)).again();
    assertThat(poll(api, 3)).isEqualTo(new PollResult.NotYet(left.plusMillis(200)));
    assertThat(requests()).containsExactly(LIST);
    now = now.plus(left);
    assertThat(poll(api, 2)).isInstanceOf(PollResult.Over.class);
    assertThat(poll(api, 3)).isInstanceOf(PollResult.NotYet.class);
  }

  @Test
  void a_deploy_that_has_just_begun_is_asked_for_by_itself() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(building(2), building(1)));
    onGet(DEPLOYS + "/" + id(3), 200, deploy(id(3), "created", SHA));
    poll(api, 1);

    assertThat(api.poll(attempt(3, now), id(3), log))
        .isEqualTo(new PollResult.Going("created", Duration.ofSeconds(10)));
    assertThat(requests()).containsExactly(LIST, "GET " + DEPLOYS + "/" + id(3));
  }

  @Test
  void a_deploy_is_never_seen_as_it_was_before_the_last_look() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(deploy(id(3), "created", SHA), building(2), building(1)));
    onGet(DEPLOYS + "/" + id(3), 200, deploy(id(3), "update_in_progress", SHA));
    poll(api, 1);
    now = now.plusSeconds(1);
    assertThat(poll(api, 3)).isEqualTo(new PollResult.Going("update_in_progress", PACE));
    render.clear(request(), ClearType.LOG);

    now = now.plusSeconds(1);
    poll(api, 3);
    assertThat(requests()).containsExactly(LIST);
    assertThat(poll(api, 2)).isInstanceOf(PollResult.Going.class);
    assertThat(requests()).containsExactly(LIST);
  }

  @Test
  void deploys_that_a_new_process_takes_up_are_asked_for_with_one_call() throws Exception {
    onGet(
        DEPLOYS,
        200,
        listed(
            IntStream.rangeClosed(1, 20)
                .mapToObj(FollowedTogetherTest::building)
                .toArray(String[]::new)));
    now = NOW.plusSeconds(60);
    RenderApi restarted = api();

    for (int number = 1; number <= 20; number++) {
      assertThat(poll(restarted, number))
          .isEqualTo(new PollResult.Going("build_in_progress", PACE));
    }
    assertThat(requests()).containsExactly(LIST);
  }

  @ParameterizedTest
  @CsvSource({"408, 10", "429, 42", "500, 10", "503, 42"})
  void all_learn_what_went_wrong_from_one_call(int status, int seconds) throws Exception {
    RenderApi api = following(5);
    on(list(), json(status, "").withHeader("Retry-After", seconds == 42 ? "42" : ""));

    for (int number = 1; number <= 5; number++) {
      assertThat(poll(api, number))
          .isInstanceOfSatisfying(
              PollResult.Unseen.class,
              unseen -> {
                assertThat(unseen.reason()).contains("Render answered " + status);
                assertThat(unseen.again()).isEqualTo(Duration.ofSeconds(seconds));
              });
    }
    assertThat(requests()).containsExactly(LIST);
  }

  @Test
  void all_learn_that_no_answer_came() throws Exception {
    RenderApi api = following(2);
    drop(list());

    assertThat(poll(api, 1)).isInstanceOf(PollResult.Unseen.class);
    assertThat(poll(api, 2)).isInstanceOf(PollResult.Unseen.class);

    RenderApi elsewhere = api(URI.create("http://no-such-host.invalid"), SERVICE, null);
    for (int number : new int[] {1, 2, 1, 2}) {
      assertThat(poll(elsewhere, number)).isInstanceOf(PollResult.Unseen.class);
      now = now.plusSeconds(10);
    }
  }

  @Test
  void runs_whose_key_stays_denied_end_with_the_truth() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 401, "");
    onGet(DEPLOYS + "/" + id(1), 401, "");
    onGet(DEPLOYS + "/" + id(2), 401, "");

    for (Instant since = now; now.isBefore(since.plusSeconds(300)); now = now.plusSeconds(30)) {
      assertThat(poll(api, 1)).isInstanceOf(PollResult.Unseen.class);
      assertThat(poll(api, 2)).isInstanceOf(PollResult.Unseen.class);
    }
    for (int number = 1; number <= 2; number++) {
      assertThat(poll(api, number))
          .isInstanceOfSatisfying(
              PollResult.Over.class,
              over -> assertThat(over.end().reason()).contains("may be live", "401"));
    }
  }

  @Test
  void a_doubt_is_not_answered_by_the_list_of_others() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(building(2), building(1)));
    poll(api, 1);
    poll(api, 2);
    render.clear(request(), ClearType.LOG);

    assertThat(api.lookUp(attempt(3, now), log)).isInstanceOf(LookupResult.class);
    String since = now.minus(RenderLookup.CLOCK_MARGIN).toString();
    assertThat(requests())
        .containsExactly("GET " + DEPLOYS + "?createdAfter=" + since + "&limit=100");
  }

  @Test
  void a_service_has_no_list_before_its_reserved_time() throws Exception {
    RenderApi api = following(2);
    onGet(DEPLOYS, 200, listed(building(2), building(1)));
    for (int i = 0; i < 99; i++) {
      Duration _ = reads.of(new Secret(API_KEY)).budget().reserve();
    }
    Duration turn = Duration.ofSeconds(10);

    assertThat(poll(api, 1)).isEqualTo(new PollResult.NotYet(turn));
    now = now.plus(turn).minusMillis(1);
    assertThat(poll(api, 2)).isInstanceOf(PollResult.NotYet.class);
    assertThat(requests()).isEmpty();
    now = now.plusMillis(1);
    assertThat(poll(api, 2)).isInstanceOf(PollResult.Going.class);
    assertThat(poll(api, 1)).isInstanceOf(PollResult.Going.class);
    assertThat(requests()).containsExactly(LIST);
  }
}
