package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.LookupResult;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderLookupTest extends RenderFixture {
  private static final String LIST =
      "GET " + DEPLOYS + "?createdAfter=2026-11-20T10:00:55Z&limit=100";

  @ParameterizedTest
  @CsvSource({"render-hook, deploy_hook", "render-api, api"})
  void the_oldest_deploy_of_our_trigger_and_commit_is_ours(String name, String trigger)
      throws Exception {
    onGet(
        DEPLOYS,
        200,
        listed(
            deploy("dep-newer", "created", SHA, trigger, NOW.plusSeconds(9)),
            deploy("dep-ours", "created", SHA, trigger, NOW.plusSeconds(1)),
            deploy("dep-manual", "created", SHA, "manual", NOW),
            deploy("dep-other", "live", OTHER_SHA, trigger, NOW),
            deploy("dep-before", "live", SHA, trigger, NOW.minusMillis(5001))));

    assertThat(target(name, base()).lookUp(attempt(), log))
        .isEqualTo(new LookupResult.Found("dep-ours", "Render did start deploy dep-ours"));
    assertThat(requests()).containsExactly(LIST);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
  }

  @Test
  void a_clock_may_be_five_seconds_behind() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-a", "live", SHA, "api", NOW.minusSeconds(5))));

    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void a_deploy_that_another_run_has_is_not_ours() throws Exception {
    onGet(
        DEPLOYS,
        200,
        listed(
            deploy("dep-ours", "created", SHA, "api", NOW.plusSeconds(1)),
            deploy("dep-before", "live", SHA, "api", NOW.minusSeconds(2))));
    ofOthers.add("dep-before");

    assertThat(api().lookUp(attempt(), log))
        .isEqualTo(new LookupResult.Found("dep-ours", "Render did start deploy dep-ours"));
    ofOthers.add("dep-ours");
    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void nor_is_one_of_another_commit_that_another_run_of_a_cron_job_has() throws Exception {
    onGet(
        "/v1/services/crn-abc/deploys",
        200,
        listed(deploy("dep-a", "created", OTHER_SHA, "api", NOW)));
    ofOthers.add("dep-a");

    assertThat(api(base(), "crn-abc", null).lookUp(attempt(), log))
        .isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void how_far_renders_clock_is_behind_is_read_from_its_answers() throws Exception {
    String ours = deploy("dep-a", "build_in_progress", SHA, "api", NOW.minusSeconds(44));
    on(get(DEPLOYS), json(200, listed(ours)).withHeader("Date", "Fri, 20 Nov 2026 10:00:15 GMT"));

    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.Found.class);
    assertThat(requests()).containsExactly(LIST, LIST.replace("10:00:55Z", "10:00:10Z"));
  }

  static Stream<Arguments> notOurs() {
    return Stream.of(
        Arguments.of("[]"),
        Arguments.of(listed(deploy("dep-a", "live", SHA, "new_commit", NOW))),
        Arguments.of(listed(deploy("dep-a", "live", SHA, "api", NOW.minusSeconds(6)))),
        Arguments.of("[{\"deploy\":{\"id\":7}},{},null]"));
  }

  @ParameterizedTest
  @MethodSource("notOurs")
  void without_one_of_ours_there_is_none_now(String list) throws Exception {
    onGet(DEPLOYS, 200, list);

    assertThat(api().lookUp(attempt(), log))
        .isEqualTo(
            new LookupResult.NotThere(
                "Render lists no deploy of f95f852 since then", Duration.ofSeconds(5)));
  }

  @Test
  void a_deploy_of_another_commit_is_not_ours() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-a", "created", OTHER_SHA, "api", NOW)));
    onGet(SERVICE_PATH, 200, service("web_service", ""));

    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void a_cron_job_deploys_whatever_commit_is_newest() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-a", "created", OTHER_SHA, "api", NOW)));
    onGet(SERVICE_PATH, 200, service("cron_job", ""));

    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void a_deploy_of_another_commit_stays_in_doubt_while_the_service_cannot_be_read()
      throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-a", "created", OTHER_SHA, "api", NOW)));
    onGet(SERVICE_PATH, 500, "");

    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void the_id_of_a_cron_job_spares_the_question() throws Exception {
    onGet(
        "/v1/services/crn-abc/deploys",
        200,
        listed(deploy("dep-a", "created", OTHER_SHA, "api", NOW)));

    assertThat(api(base(), "crn-abc", null).lookUp(attempt(), log))
        .isInstanceOf(LookupResult.Found.class);
    assertThat(requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"dep-a\"}",
        "{\"id\":\"dep-a\",\"trigger\":\"api\",\"commit\":null,\"createdAt\":\"never\"}"
      })
  void what_render_leaves_out_does_not_speak_against_a_deploy(String deploy) throws Exception {
    onGet(DEPLOYS, 200, listed(deploy));

    assertThat(api().lookUp(attempt(), log)).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void without_a_commit_any_of_our_trigger_is_ours() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-a", "created", OTHER_SHA, "api", NOW)));

    assertThat(api().lookUp(attempt(null), log)).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void a_full_page_is_turned() throws Exception {
    String[] newer =
        IntStream.range(0, 100)
            .mapToObj(
                at -> deploy("dep-" + at, "created", OTHER_SHA, "api", NOW.plusSeconds(200 - at)))
            .toArray(String[]::new);
    on(
        get(DEPLOYS).withQueryStringParameter("cursor", "c"),
        json(200, listed(deploy("dep-ours", "created", SHA, "api", NOW))));
    onGet(DEPLOYS, 200, listed(newer));

    assertThat(api().lookUp(attempt(), log))
        .isInstanceOfSatisfying(
            LookupResult.Found.class, found -> assertThat(found.id()).isEqualTo("dep-ours"));
  }

  @ParameterizedTest
  @CsvSource({"500, '', 10", "401, '', 10", "404, '', 10", "200, <html>, 10", "200, {}, 10"})
  void a_list_that_cannot_be_read_says_nothing(int status, String body, int seconds)
      throws Exception {
    onGet(DEPLOYS, status, body);

    assertThat(api().lookUp(attempt(), log))
        .isInstanceOfSatisfying(
            LookupResult.Unreachable.class,
            unreachable -> {
              assertThat(unreachable.reason()).contains("Render answered " + status);
              assertThat(unreachable.again()).isEqualTo(Duration.ofSeconds(seconds));
            });
  }

  @Test
  void a_list_is_asked_for_again_when_the_rate_limit_allows() throws Exception {
    on(get(DEPLOYS), json(429, "").withHeader("Ratelimit-Reset", "45"));

    assertThat(((LookupResult.Unreachable) api().lookUp(attempt(), log)).again())
        .isEqualTo(Duration.ofSeconds(45));
  }

  @Test
  void a_closed_connection_says_nothing() throws Exception {
    drop(get(DEPLOYS));

    assertThat(hook().lookUp(attempt(), log)).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void an_absurd_wait_does_not_leave_a_doubt_for_ever() throws Exception {
    on(get(DEPLOYS), json(429, "").withHeader("Ratelimit-Reset", "99999999999"));

    assertThat(((LookupResult.Unreachable) api().lookUp(attempt(), log)).again())
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void a_list_without_end_says_nothing() throws Exception {
    String[] others =
        IntStream.range(0, 100)
            .mapToObj(at -> deploy("dep-" + at, "live", SHA, "manual", NOW))
            .toArray(String[]::new);
    onGet(DEPLOYS, 200, listed(others));

    assertThat(api().lookUp(attempt(), log))
        .isInstanceOfSatisfying(
            LookupResult.Unreachable.class,
            unreachable -> assertThat(unreachable.reason()).contains("more than 500"));
    assertThat(requests()).hasSize(5);
  }

  @Test
  void a_key_that_no_longer_works_is_named() throws Exception {
    onGet(DEPLOYS, 401, "");

    assertThat(((LookupResult.Unreachable) api().lookUp(attempt(), log)).reason())
        .contains("RENDER_API_KEY");
  }
}
