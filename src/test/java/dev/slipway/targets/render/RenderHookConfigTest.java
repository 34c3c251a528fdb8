package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderHookConfigTest {
  private static final URI RENDER = URI.create("https://api.render.com");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.render.com/deploy/srv-abc123?key=hush",
        "https://api.render.com/deploy/crn-abc123?key=hush",
        "https://API.render.com:443/deploy/srv-abc123?ref=x&key=hush"
      })
  void a_hook_of_a_service_or_cron_job_is_right(String url) {
    assertThat(RenderHookConfig.problemWith(url, RENDER)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hush, not an absolute address",
    "/deploy/srv-abc123?key=hush, not an absolute address",
    "mailto:hush, not an absolute address",
    "https://api.render.com/deploy/srv-a b?key=hush, not a valid address",
    "https://api.render.com/deploy/srv-abc?key=%zzhush, not a valid address",
    "http://api.render.com/deploy/srv-abc123?key=hush, uses http",
    "https://api.render.com.evil.example/deploy/srv-abc123?key=hush, api.render.com.evil.example",
    "https://evil.example/https://api.render.com/deploy/srv-a?key=hush, evil.example",
    "https://api.render.com:8443/deploy/srv-abc123?key=hush, api.render.com:8443",
    "https://hush@api.render.com/deploy/srv-abc123?key=hush, neither a user name nor a fragment",
    "https://api.render.com/deploy/srv-abc123?key=hush#hush, neither a user name nor a fragment",
    "https://api.render.com?key=hush, wrong path",
    "https://api.render.com/deploy/?key=hush, wrong path",
    "https://api.render.com/deploy/srv-?key=hush, wrong path",
    "https://api.render.com/deploy/srv-abc123/?key=hush, wrong path",
    "https://api.render.com/deploy/srv-ABC?key=hush, wrong path",
    "https://api.render.com/deploy/../v1/srv-abc123?key=hush, wrong path",
    "https://api.render.com/deploy/srv-abc%2Fdef?key=hush, wrong path",
    "https://api.render.com/deploy/srv-abc%3Fkey=hush, wrong path",
    "https://api.render.com/v1/services/srv-abc123?key=hush, wrong path",
    "https://api.render.com/deploy/srv-abc123, has no key",
    "https://api.render.com/deploy/srv-abc123?key=, has no key",
    "https://api.render.com/deploy/srv-abc123?keys=hush, has no key"
  })
  void anything_else_is_named_without_showing_the_key(String url, String why) {
    assertThat(RenderHookConfig.problemWith(url, RENDER))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith("RENDER_DEPLOY_HOOK_URL ")
                    .contains(why)
                    .doesNotContain("hush")
                    .endsWith("."));
  }

  @Test
  void the_hook_of_a_blueprint_gets_its_own_explanation() {
    assertThat(
            RenderHookConfig.problemWith(
                "https://api.render.com/deploy/exs-abc123?key=hush", RENDER))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .contains("Blueprint", "deploys nothing", "srv-")
                    .doesNotContain("hush"));
  }

  @Test
  void the_base_address_of_the_api_decides_scheme_host_and_port() {
    URI local = URI.create("http://127.0.0.1:9999");
    String hook = "http://127.0.0.1:9999/deploy/srv-abc123?key=hush";

    assertThat(RenderHookConfig.problemWith(hook, local)).isEmpty();
    assertThat(RenderHookConfig.problemWith(hook.replace("9999", "9998"), local))
        .hasValueSatisfying(problem -> assertThat(problem).contains("127.0.0.1:9998"));
    assertThat(RenderHookConfig.problemWith(hook.replace("http:", "https:"), local))
        .hasValueSatisfying(problem -> assertThat(problem).contains("uses https"));
  }

  @Test
  void the_commit_is_set_and_everything_else_kept() {
    assertThat(with("?key=hush", "abc", null)).isEqualTo("?key=hush&ref=abc");
    assertThat(with("?ref=main&key=hu%20sh&x", "abc", null)).isEqualTo("?key=hu%20sh&x&ref=abc");
    assertThat(with("?re%66=main&key=hush", "abc", null)).isEqualTo("?key=hush&ref=abc");
    assertThat(with("?key=hush&ref=main", null, null)).isEqualTo("?key=hush&ref=main");
  }

  @Test
  void values_are_encoded_and_cannot_add_parameters() {
    assertThat(with("?key=hush", "a&key=b#c d+é", null))
        .isEqualTo("?key=hush&ref=a%26key%3Db%23c%20d%2B%C3%A9");
    assertThat(with("?imgURL=old&key=hush", null, "docker.io/acme/web@sha256:12"))
        .isEqualTo("?key=hush&imgURL=docker.io%2Facme%2Fweb%40sha256%3A12");
  }

  private static String with(String query, @Nullable String ref, @Nullable String image) {
    String hook = "https://api.render.com/deploy/srv-abc123";
    String uri = HookUrl.of(hook + query, RENDER).with(ref, image).toString();
    assertThat(uri).startsWith(hook);
    return uri.substring(hook.length());
  }

  @Test
  void a_wrong_address_cannot_become_a_hook_and_a_right_one_prints_without_its_key() {
    assertThatThrownBy(() -> HookUrl.of("https://evil.example/?key=hush", RENDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evil.example")
        .hasMessageNotContaining("hush");
    assertThat(HookUrl.of("https://api.render.com/deploy/srv-abc123?key=hush", RENDER))
        .hasToString("HookUrl[srv-abc123]");
  }
}
