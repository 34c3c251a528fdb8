package dev.slipway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.targets.render.RenderApiType;
import dev.slipway.targets.render.RenderHookType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times that settings may say, and those that they may not. */
class LimitSettingsTest {
  @TempDir Path folder;

  private Configuration.Loaded load(String name, String value) {
    return ConfigurationReader.load(
        Map.of("GITHUB_WEBHOOK_SECRET", "a secret of good length", name, value), folder);
  }

  private static Configuration good(Configuration.Loaded loaded) {
    return switch (loaded) {
      case Configuration.Loaded.Good(Configuration configuration) -> configuration;
      case Configuration.Loaded.Bad(List<String> problems) ->
          throw new AssertionError(String.join("\n", problems));
    };
  }

  @Test
  void deliveries_are_kept_for_longer_than_github_redelivers_them() {
    assertThat(good(load("SLIPWAY_KEEP_DELIVERIES", "8d")).storage().periods().deliveries())
        .isEqualTo(Duration.ofDays(8));
    assertThat(load("SLIPWAY_KEEP_DELIVERIES", "191h"))
        .isEqualTo(
            new Configuration.Loaded.Bad(
                List.of(
                    "SLIPWAY_KEEP_DELIVERIES: must be at least 8d: GitHub redelivers for 7 days")));
  }

  @Test
  void a_target_may_have_a_limit_of_its_own_without_progress() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        limits: {no-progress: 20m}
        routes:
          - name: slow
            chain:
              - render-hook:
                  url: https://api.render.com/deploy/srv-abc123?key=hush-hush-key
              - render-api:
                  service-id: srv-cukouhrtq21c73e9scng
                  api-key: rnd_abcdefghijklmnop
                  no-progress: 45m
        """);
    List<Duration> limits =
        good(load("PORT", "9001")).routes().getFirst().targets().stream()
            .map(
                target ->
                    switch (target.target()) {
                      case RenderHookType.Configured(var config) -> config.limits();
                      case RenderApiType.Configured(var config) -> config.limits();
                      default -> throw new AssertionError(target.name());
                    })
            .map(limit -> limit.noProgress())
            .toList();
    assertThat(limits).containsExactly(Duration.ofMinutes(20), Duration.ofMinutes(45));
  }
}
