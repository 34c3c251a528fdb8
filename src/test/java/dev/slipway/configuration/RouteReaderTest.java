package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.DestroyPolicy;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.LiveCheckConfig;
import dev.slipway.targets.render.RenderApiType;
import dev.slipway.targets.render.RenderHookType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteReaderTest {
  private static final String HOOK = "https://api.render.com/deploy/srv-abc123?key=hush-hush-key";

  @TempDir Path folder;

  @Test
  void problems_of_the_file_name_the_place() throws Exception {
    file(
        folder,
        """
        prot: 9000
        github: { tokn: x }
        routes:
          - name: One
            chain: []
          - name: two
            matches: {}
            chain:
              - render-hook: { url: "${NOT_SET_ANYWHERE}" }
              - carrier-pigeon: {}
              - shell: { command: a }
              - shell: { command: b }
        """);
    assertThat(problems(folder))
        .anyMatch(p -> p.startsWith("prot: ") && p.contains("did you mean port?"))
        .anyMatch(p -> p.startsWith("github.tokn: ") && p.contains("github.token?"))
        .anyMatch(p -> p.startsWith("routes[0].name: "))
        .anyMatch(p -> p.startsWith("routes[0].chain: "))
        .anyMatch(p -> p.startsWith("routes[1].matches: "))
        .anyMatch(p -> p.contains("NOT_SET_ANYWHERE"))
        .anyMatch(p -> p.startsWith("routes[1].chain[1]: ") && p.contains("render-hook"))
        .anyMatch(p -> p.startsWith("routes[1].chain[3]: ") && p.contains("twice"));
  }

  @Test
  void routes_to_one_service_without_a_common_queue_key_are_warned_of() throws Exception {
    file(
        folder,
        """
        routes:
          - name: web
            chain: [{render-api: {service-id: srv-abc123}}]
        """);
    String[] render = {"RENDER_DEPLOY_HOOK_URL", HOOK, "RENDER_API_KEY", "rnd_0123456789"};

    assertThat(good(folder, render).warnings())
        .anyMatch(
            warning ->
                warning.contains("\"web\" and \"default\" lead to Render service srv-abc123")
                    && warning.contains("SLIPWAY_QUEUE_KEY"))
        .noneMatch(warning -> warning.contains("hush"));
  }

  @Test
  void a_target_may_be_checked_when_it_is_live_by_its_own_address_only() throws Exception {
    file(
        folder,
        """
        routes:
          - name: checked
            chain:
              - shell:
                  command: a
                  check: {url: "https://x.example/{sha}", every: 2s, commit-header: X-Commit}
              - http: {url: "https://d.example/", secret: a-secret-of-good-length}
        """);
    List<RouteConfig.Entry> chain =
        good(folder, "SLIPWAY_CHECK_URL", "https://other.example/", "SLIPWAY_CHECK_TIMEOUT", "9m")
            .routes()
            .getFirst()
            .targets();

    assertThat(chain.getFirst().check())
        .contains(
            new LiveCheckConfig(
                "https://x.example/{sha}",
                Duration.ofMinutes(5),
                Duration.ofSeconds(2),
                "X-Commit",
                null));
    assertThat(chain.getLast().check()).isEmpty();
  }

  @Test
  void what_is_wrong_with_a_check_is_told_at_its_place() throws Exception {
    file(
        folder,
        """
        routes:
          - name: wrong
            chain:
              - shell: {command: a, name: one, check: {every: 2s}}
              - shell: {command: a, name: two, check: {url: "ftp://x", commit-header: A, commit-json: b}}
              - shell: {command: a, name: three, check: often}
        """);
    assertThat(problems(folder))
        .anyMatch(p -> p.startsWith("routes[0].chain[0].shell.check: needs url"))
        .anyMatch(p -> p.startsWith("routes[0].chain[1].shell.check.url: "))
        .anyMatch(
            p -> p.contains("routes[0].chain[1].shell.check.commit-header") && p.contains("both"))
        .anyMatch(p -> p.startsWith("routes[0].chain[2].shell.check: must be a group"));
  }

  @Test
  void a_target_may_have_a_limit_of_its_own_without_progress() throws Exception {
    file(
        folder,
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
    List<ConfiguredTarget> chain =
        good(folder).routes().getFirst().targets().stream().map(RouteConfig.Entry::target).toList();

    assertThat(((RenderHookType.Configured) chain.getFirst()).config().limits().noProgress())
        .isEqualTo(Duration.ofMinutes(20));
    assertThat(((RenderApiType.Configured) chain.getLast()).config().limits().noProgress())
        .isEqualTo(Duration.ofMinutes(45));
  }

  @Test
  void a_secret_of_a_route_may_stand_in_a_file() throws Exception {
    Files.writeString(folder.resolve("key"), "rnd_abcdefghijklmnop\n");
    file(
        folder,
        """
        routes:
          - name: slow
            chain:
              - render-api: {service-id: srv-abc123, api-key-file: %s}
        """
            .formatted(folder.resolve("key")));
    var target = good(folder).routes().getFirst().targets().getFirst().target();

    assertThat(((RenderApiType.Configured) target).config().apiKey().reveal())
        .isEqualTo("rnd_abcdefghijklmnop");

    file(
        folder,
        """
        routes:
          - name: slow
            chain:
              - render-api: {service-id: srv-abc123, api-key: rnd_abcdefgh, api-key-file: key}
        """);
    assertThat(problems(folder))
        .containsExactly(
            "routes[0].chain[0].render-api.api-key: is set, and so is"
                + " routes[0].chain[0].render-api.api-key-file; keep one of them");
  }

  @Test
  void a_route_may_have_a_destroy_chain() throws Exception {
    file(
        folder,
        """
        routes:
          - name: previews
            chain: [{shell: {command: up}}]
            destroy: [{shell: {command: down}}]
            delete-deployments: true
        """);

    RouteConfig route = good(folder).routes().getFirst();

    assertThat(route.route().destroyPolicy()).isEqualTo(new DestroyPolicy(List.of("shell"), true));
    assertThat(route.route().chain()).containsExactly("shell");
    assertThat(route.destroyTargets()).hasSize(1);
  }

  @Test
  void what_is_wrong_with_a_destroy_chain_is_named() throws Exception {
    file(
        folder,
        """
        routes:
          - name: one
            chain: [{shell: {command: up}}]
            delete-deployments: true
          - name: two
            chain: [{shell: {command: up}}]
            destroy: []
          - name: three
            chain: [{shell: {command: up}}]
            destroy: [{carrier-pigeon: {}}]
            delete-deployments: perhaps
        """);

    assertThat(problems(folder))
        .anyMatch(
            p -> p.startsWith("routes[0].delete-deployments: ") && p.contains("chain \"destroy\""))
        .anyMatch(p -> p.startsWith("routes[1].destroy: ") && p.contains("at least one target"))
        .anyMatch(p -> p.startsWith("routes[2].destroy[0]: "))
        .anyMatch(p -> p.startsWith("routes[2].delete-deployments: "));
  }
}
