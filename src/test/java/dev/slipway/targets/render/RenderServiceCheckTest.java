package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
import dev.slipway.targets.ProviderMessages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Render's description of a service tells. */
class RenderServiceCheckTest {
  private static final RenderServiceCheck CHECK =
      new RenderServiceCheck(
          "render-api",
          new ServiceId("srv-abc"),
          new ProviderMessages("Render", List.of("rnd_hush"), new Redactor(List.of())));

  private static Reply answer(int status, String body) {
    return new Reply.Answered(status, Map.of(), body);
  }

  private static List<String> codes(List<CheckResult> results) {
    return results.stream().map(result -> result.outcome().code()).toList();
  }

  @Test
  void a_service_that_deploys_when_it_is_told_to_is_well() {
    List<CheckResult> results =
        CHECK.results(
            answer(
                200, "{\"id\":\"srv-abc\",\"suspended\":\"not_suspended\",\"autoDeploy\":\"no\"}"));

    assertThat(results.subList(0, 2))
        .containsExactly(
            new CheckResult.Ok("render-api", "Render shows service srv-abc"),
            new CheckResult.Ok("render-api, auto-deploy", "is off"));
    assertThat(results.getLast())
        .isInstanceOf(CheckResult.Skipped.class)
        .extracting(CheckResult::subject)
        .isEqualTo("render-api, overlapping deploys");
  }

  @Test
  void a_suspended_service_is_a_failure_and_auto_deploy_a_warning() {
    assertThat(
            codes(
                CHECK.results(
                    answer(
                        200,
                        "{\"id\":\"srv-abc\",\"suspended\":\"suspended\",\"autoDeploy\":\"yes\"}"))))
        .containsExactly("failure", "warning", "skipped");
  }

  @ParameterizedTest
  @CsvSource({
    "401, RENDER_API_KEY is wrong",
    "404, look at the id of the service",
    "403, look at the id of the service",
    "500, look at the id of the service"
  })
  void a_service_that_is_not_seen_is_a_failure_without_the_key_in_it(int status, String advice) {
    assertThat(CHECK.results(answer(status, "{\"message\":\"no rnd_hush\"}")))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.FAILURE);
              assertThat(result.detail())
                  .isEqualTo("service srv-abc is not seen. Render answered " + status + ": no ***");
              assertThat(result.advice()).startsWith(advice);
            });
  }

  @Test
  void another_service_a_page_of_a_proxy_and_silence_are_failures() {
    assertThat(codes(CHECK.results(answer(200, "{\"id\":\"srv-other\"}"))))
        .containsExactly("failure");
    assertThat(codes(CHECK.results(answer(200, "<html>")))).containsExactly("failure");
    assertThat(CHECK.results(new Reply.NotSent("no connection", true)))
        .singleElement()
        .extracting(CheckResult::detail)
        .isEqualTo("service srv-abc is not seen. Render was not reached: no connection");
  }
}
