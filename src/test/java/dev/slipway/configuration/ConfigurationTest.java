package dev.slipway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.HttpsProxy;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Secret;
import dev.slipway.store.PostLimits;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.targets.command.ShellType;
import dev.slipway.targets.render.ClearCache;
import dev.slipway.targets.render.RenderApiType;
import dev.slipway.webhook.NamedSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private static final String HOOK = "https://api.render.com/deploy/srv-abc123?key=hush-hush-key";

  @TempDir Path folder;

  private static Map<String, String> environment(String... pairs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("GITHUB_WEBHOOK_SECRET", "a secret of good length");
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return environment;
  }

  private Configuration good(String... pairs) {
    return switch (ConfigurationReader.load(environment(pairs), folder)) {
      case Configuration.Loaded.Good(Configuration configuration) -> configuration;
      case Configuration.Loaded.Bad(List<String> problems) ->
          throw new AssertionError(String.join("\n", problems));
    };
  }

  private List<String> problems(String... pairs) {
    return problems(environment(pairs));
  }

  private List<String> problems(Map<String, String> environment) {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Good _ -> List.of();
      case Configuration.Loaded.Bad(List<String> problems) -> problems;
    };
  }

  private void file(String yaml) throws IOException {
    Files.writeString(folder.resolve("slipway.yml"), yaml);
  }

  @Test
  void everything_but_the_secret_has_a_default() {
    Configuration configuration = good();

    assertThat(configuration.server().port()).isEqualTo(8080);
    assertThat(configuration.server().publicUrl()).isEqualTo(URI.create("http://localhost:8080"));
    assertThat(configuration.server().isPublicUrlDefault()).isTrue();
    assertThat(configuration.storage().databaseUrl())
        .isEqualTo("jdbc:sqlite:" + folder.resolve("data").resolve("slipway.db"));
    assertThat(configuration.github().apiUrl()).isEqualTo(URI.create("https://api.github.com"));
    assertThat(configuration.github().token()).isNull();
    assertThat(configuration.access().apiToken()).isNull();
    assertThat(configuration.logLinks().ttl()).isEqualTo(Duration.ofDays(90));
    assertThat(configuration.routes()).isEmpty();
    assertThat(configuration.webhookSecrets())
        .containsExactly(new NamedSecret("current", new Secret("a secret of good length")));
    assertThat(configuration.warnings())
        .anyMatch(warning -> warning.contains("SLIPWAY_PUBLIC_URL"))
        .anyMatch(warning -> warning.contains("GITHUB_TOKEN"))
        .anyMatch(warning -> warning.contains("no route"));
  }

  @Test
  void the_line_of_the_default_route_is_set_by_variables() {
    assertThat(good("DEPLOY_CMD", "true").routes().getLast().route().line())
        .isEqualTo(QueuePolicy.LATEST);
    assertThat(
            good("DEPLOY_CMD", "true", "SLIPWAY_CANCEL_RUNNING", "true")
                .routes()
                .getLast()
                .route()
                .line())
        .isEqualTo(new QueuePolicy(QueuePolicy.Mode.LATEST, true, false));
    assertThat(
            good(
                    "DEPLOY_CMD",
                    "true",
                    "SLIPWAY_LINE",
                    "queue",
                    "SLIPWAY_SKIP_OLDER_COMMITS",
                    "true")
                .routes()
                .getLast()
                .route()
                .line())
        .isEqualTo(new QueuePolicy(QueuePolicy.Mode.QUEUE, false, true));
  }

  @Test
  void a_line_that_makes_no_sense_is_a_problem() {
    assertThat(
            problems(
                Map.of(
                    "GITHUB_WEBHOOK_SECRET",
                    "a secret of good length",
                    "DEPLOY_CMD",
                    "true",
                    "SLIPWAY_LINE",
                    "newest")))
        .singleElement()
        .isEqualTo("SLIPWAY_LINE: \"newest\" must be one of latest, queue, reject");
    assertThat(
            problems(
                Map.of(
                    "GITHUB_WEBHOOK_SECRET",
                    "a secret of good length",
                    "DEPLOY_CMD",
                    "true",
                    "SLIPWAY_LINE",
                    "queue",
                    "SLIPWAY_CANCEL_RUNNING",
                    "true")))
        .singleElement()
        .asString()
        .startsWith("SLIPWAY_CANCEL_RUNNING: is true")
        .contains("\"latest\"", "\"queue\"");
  }

  @Test
  void without_a_secret_there_is_no_start() {
    assertThat(problems(Map.of())).singleElement().asString().contains("GITHUB_WEBHOOK_SECRET");
    assertThat(problems(Map.of("GITHUB_WEBHOOK_SECRET", ""))).hasSize(1);
  }

  @Test
  void what_github_may_redeliver_is_kept_for_as_long_as_that() {
    for (String name : List.of("SLIPWAY_KEEP_DELIVERIES", "SLIPWAY_KEEP_DEPLOYMENTS")) {
      assertThat(problems(Map.of("GITHUB_WEBHOOK_SECRET", "0123456789abcdef", name, "7d")))
          .containsExactly(name + ": must be at least 8d: GitHub redelivers for 7 days");
      assertThat(problems(Map.of("GITHUB_WEBHOOK_SECRET", "0123456789abcdef", name, "8d")))
          .isEmpty();
    }
  }

  @Test
  void all_problems_are_listed_at_once_and_none_shows_a_secret() {
    List<String> problems =
        problems(
            Map.of(
                "PORT", "eighty",
                "SLIPWAY_PUBLIC_URL", "deploy.example.com",
                "RENDER_DEPLOY_HOOK_URL", "https://evil.example/deploy/srv-1?key=hush-hush-key",
                "RENDER_DEPLOY_CLEAR_CACHE", "maybe",
                "RENDER_API_KEY", "rnd_hush_hush_hush",
                "RENDER_SERVICE_ID", "web",
                "QOVERY_APPLICATION_ID", "not-a-uuid",
                "DEPLOY_SSH_HOST", "server",
                "DEPLOY_CMD_TIMEOUT", "soon",
                "DEPLOY_CMD", "true"));

    assertThat(problems)
        .anyMatch(p -> p.startsWith("GITHUB_WEBHOOK_SECRET: "))
        .anyMatch(p -> p.startsWith("PORT: \"eighty\""))
        .anyMatch(p -> p.startsWith("SLIPWAY_PUBLIC_URL: "))
        .anyMatch(p -> p.startsWith("RENDER_DEPLOY_HOOK_URL: "))
        .anyMatch(p -> p.startsWith("RENDER_DEPLOY_CLEAR_CACHE: \"maybe\""))
        .anyMatch(p -> p.startsWith("RENDER_SERVICE_ID: "))
        .anyMatch(p -> p.startsWith("QOVERY_API_TOKEN: "))
        .anyMatch(p -> p.startsWith("DEPLOY_SSH_USER: "))
        .anyMatch(p -> p.startsWith("DEPLOY_SSH_KEY_FILE: "))
        .anyMatch(p -> p.startsWith("DEPLOY_CMD_TIMEOUT: \"soon\""));
    assertThat(String.join("\n", problems)).doesNotContain("hush");
  }

  @Test
  void an_enterprise_address_without_its_path_is_warned_of() {
    assertThat(good("GITHUB_API_URL", "https://git.example.com").warnings())
        .anyMatch(warning -> warning.contains("/api/v3") && warning.contains("git.example.com"));
    for (String right :
        List.of(
            "https://git.example.com/api/v3",
            "https://git.example.com/api/v3/",
            "https://api.github.com",
            "https://api.octo.ghe.com")) {
      assertThat(good("GITHUB_API_URL", right).warnings())
          .as(right)
          .noneMatch(warning -> warning.contains("/api/v3"));
    }
  }

  @Test
  void the_version_of_githubs_api_can_be_changed() {
    assertThat(good("PORT", "9001").github().apiVersion()).isEqualTo("2022-11-28");
    assertThat(good("GITHUB_API_VERSION", "2028-01-31").github().apiVersion())
        .isEqualTo("2028-01-31");
    assertThat(problems("GITHUB_API_VERSION", "v3"))
        .singleElement()
        .asString()
        .startsWith("GITHUB_API_VERSION: must be a date");
  }

  @Test
  void the_pace_of_statuses_is_githubs_or_what_is_set() {
    assertThat(good("PORT", "9001").postLimits())
        .isEqualTo(new PostLimits(80, 500, Duration.ofSeconds(1)));
    assertThat(good("GITHUB_CONTENT_PER_MINUTE", "0", "GITHUB_CONTENT_PER_HOUR", "9").postLimits())
        .isEqualTo(new PostLimits(0, 9));
    assertThat(problems("GITHUB_CONTENT_PER_MINUTE", "-1"))
        .singleElement()
        .asString()
        .startsWith("GITHUB_CONTENT_PER_MINUTE: \"-1\"");
  }

  @Test
  void a_blueprint_hook_stops_the_start() {
    assertThat(
            problems(
                "RENDER_DEPLOY_HOOK_URL", "https://api.render.com/deploy/exs-abc123?key=k12345"))
        .singleElement()
        .asString()
        .contains("RENDER_DEPLOY_HOOK_URL")
        .containsIgnoringCase("blueprint")
        .doesNotContain("k12345");
  }

  @ParameterizedTest
  @CsvSource({
    "SLIPWAY_PUBLIC_UR,SLIPWAY_PUBLIC_URL",
    "DEPLOY_CMD_TIMOUT,DEPLOY_CMD_TIMEOUT",
    "RENDER_API_KEYS,RENDER_API_KEY",
    "QOVERY_TOKEN_API,",
    "GITHUB_TOKEM,GITHUB_TOKEN"
  })
  void a_misspelt_variable_is_found(String written, String meant) {
    List<String> problems = problems(written, "x");
    if (meant == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .singleElement()
          .asString()
          .startsWith(written)
          .contains("did you mean " + meant + "?");
    }
  }

  @Test
  void what_render_qovery_and_github_set_where_they_run_us_is_no_problem() {
    good(
        "RENDER", "true",
        "RENDER_SERVICE_ID", "srv-abc123",
        "RENDER_EXTERNAL_URL", "https://x.onrender.com",
        "RENDER_GIT_COMMIT", "abc",
        "QOVERY_PROJECT_ID", "x",
        "GITHUB_SHA", "x",
        "SLIPWAY_SHA", "of a command that starts us");
  }

  @Test
  void the_way_out_is_checked_and_its_password_is_hidden() {
    Configuration configuration =
        good("HTTPS_PROXY", "http://robot:hush-hush-1@proxy:3128", "NO_PROXY", "a.example, .b");

    assertThat(configuration.egress().proxy())
        .isEqualTo(
            new HttpsProxy("proxy", 3128, "robot", "hush-hush-1", List.of("a.example", ".b")));
    assertThat(configuration.secrets()).anyMatch(secret -> secret.reveal().equals("hush-hush-1"));
    assertThat(problems("HTTPS_PROXY", "hush-hush-1@proxy", "SLIPWAY_CA_FILE", "nothing.pem"))
        .anyMatch(p -> p.startsWith("HTTPS_PROXY: must be an address such as http://proxy"))
        .anyMatch(p -> p.matches("SLIPWAY_CA_FILE: names .*nothing.pem, which cannot be read"))
        .noneMatch(p -> p.contains("hush"));
  }

  @Test
  void a_hook_and_an_api_of_two_services_are_warned_of() {
    assertThat(
            good(
                    "RENDER_DEPLOY_HOOK_URL", HOOK,
                    "RENDER_API_KEY", "rnd_0123456789",
                    "RENDER_SERVICE_ID", "srv-other")
                .warnings())
        .contains(
            "route \"default\" deploys srv-abc123 by its hook and srv-other by the API: set"
                + " RENDER_DEPLOY_HOOK_URL and RENDER_SERVICE_ID of one service");
    assertThat(
            good(
                    "RENDER_DEPLOY_HOOK_URL", HOOK,
                    "RENDER_API_KEY", "rnd_0123456789",
                    "RENDER_SERVICE_ID", "srv-abc123")
                .warnings())
        .noneMatch(warning -> warning.contains("by its hook"));
  }

  @Test
  void a_cache_that_a_hook_cannot_clear_is_warned_of() {
    assertThat(
            good(
                    "RENDER_DEPLOY_HOOK_URL", HOOK,
                    "RENDER_API_KEY", "rnd_0123456789",
                    "RENDER_SERVICE_ID", "srv-abc123",
                    "RENDER_DEPLOY_CLEAR_CACHE", "clear")
                .warnings())
        .anyMatch(
            warning ->
                warning.startsWith(
                    "route \"default\": RENDER_DEPLOY_CLEAR_CACHE has no effect while"));
    assertThat(good("RENDER_DEPLOY_HOOK_URL", HOOK, "RENDER_DEPLOY_CLEAR_CACHE", "true").warnings())
        .anyMatch(warning -> warning.startsWith("RENDER_DEPLOY_CLEAR_CACHE has no effect: "));
    assertThat(
            good("RENDER_DEPLOY_HOOK_URL", HOOK, "RENDER_DEPLOY_CLEAR_CACHE", "false").warnings())
        .noneMatch(warning -> warning.contains("CLEAR_CACHE"));
  }

  @Test
  void the_variables_of_the_seed_make_the_default_route() {
    Configuration configuration =
        good(
            "RENDER_DEPLOY_HOOK_URL", HOOK,
            "RENDER_API_KEY", "rnd_0123456789",
            "RENDER_SERVICE_ID", "srv-abc123",
            "RENDER_DEPLOY_CLEAR_CACHE", "true",
            "DEPLOY_CMD", "make deploy",
            "SLIPWAY_REPOSITORIES", "acme/*, other/app");

    RouteConfig route = configuration.routes().getFirst();
    assertThat(route.route().name()).isEqualTo("default");
    assertThat(route.route().match().patterns(RouteMatch.Part.REPOSITORIES))
        .containsExactly("acme/*", "other/app");
    assertThat(route.route().chain()).containsExactly("render-hook", "render-api", "shell");
    assertThat(route.targets())
        .extracting(RouteConfig.Entry::name)
        .containsExactly(
            "render-hook", "render-api", "qovery-application", "qovery-job", "ssh", "shell");
    assertThat(route.targets().get(1).target())
        .isInstanceOfSatisfying(
            RenderApiType.Configured.class,
            api -> assertThat(api.config().clearCache()).isEqualTo(ClearCache.CLEAR));
    assertThat(route.targets().get(2).target())
        .isEqualTo(new ConfiguredTarget.Missing("QOVERY_APPLICATION_ID is not set"));
    ShellConfig shell = ((ShellType.Configured) route.targets().getLast().target()).config();
    assertThat(shell.timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(shell.idleTimeout()).isEqualTo(Duration.ofMinutes(10));
    // To look for it takes its place: one that is not there never comes
    assertThat(shell.limits())
        .isEqualTo(
            new AttemptLimits(
                Duration.ofMinutes(5),
                Duration.ZERO,
                Duration.ofMinutes(15),
                Duration.ofMinutes(31)));
  }

  @Test
  void the_default_route_is_one_service_in_one_line() {
    Route route = good("DEPLOY_CMD", "true").routes().getFirst().route();

    assertThat(route.match().patterns(RouteMatch.Part.ENVIRONMENTS)).containsExactly("production");
    assertThat(route.lock()).isEqualTo("default");
  }

  @Test
  void the_default_route_can_take_more_and_less_in_other_lines() {
    Route route =
        good(
                "DEPLOY_CMD", "true",
                "SLIPWAY_ENVIRONMENTS", "*",
                "SLIPWAY_REFS", "main, release/*",
                "SLIPWAY_CREATORS", "mia",
                "SLIPWAY_LOCK", "environment")
            .routes()
            .getFirst()
            .route();

    assertThat(route.match().patterns(RouteMatch.Part.ENVIRONMENTS)).containsExactly("*");
    assertThat(route.match().patterns(RouteMatch.Part.REFS)).containsExactly("main", "release/*");
    assertThat(route.match().patterns(RouteMatch.Part.CREATORS)).containsExactly("mia");
    assertThat(route.lock()).isNull();
    assertThat(good("DEPLOY_CMD", "true", "SLIPWAY_LOCK", "qovery").routes().getFirst().route())
        .extracting(Route::lock)
        .isEqualTo("qovery");
  }

  @Test
  void routes_to_one_service_without_a_common_lock_are_warned_of() throws Exception {
    file(
        """
        routes:
          - name: web
            chain: [{render-api: {service-id: srv-abc123}}]
        """);
    String[] render = {"RENDER_DEPLOY_HOOK_URL", HOOK, "RENDER_API_KEY", "rnd_0123456789"};

    assertThat(good(render).warnings())
        .anyMatch(
            warning ->
                warning.contains("\"web\" and \"default\" lead to Render service srv-abc123")
                    && warning.contains("SLIPWAY_LOCK"))
        .noneMatch(warning -> warning.contains("hush"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GITHUB_TOKEN", "RENDER_API_KEY", "QOVERY_API_TOKEN", "SLIPWAY_API_TOKEN"})
  void a_token_that_no_header_can_carry_is_a_problem(String name) {
    for (String token :
        List.of("hush-hush-hush-hush\n", " hush-hush-hush-hush", "hush-hush\u0000hush-h")) {
      assertThat(problems(name, token))
          .singleElement()
          .asString()
          .startsWith(name + ": begins or ends with a blank")
          .doesNotContain("hush");
    }
    assertThat(problems(name, "hush hush hush hush")).isEmpty();
  }

  @Test
  void what_we_let_people_choose_cannot_be_short() throws Exception {
    assertThat(problems("SLIPWAY_API_TOKEN", "fifteen-letters"))
        .singleElement()
        .asString()
        .startsWith("SLIPWAY_API_TOKEN: is shorter than 16 characters");
    assertThat(problems("GITHUB_WEBHOOK_SECRET", "hush")).singleElement().asString().contains("16");
    assertThat(problems("SLIPWAY_LOG_LINK_SECRET", "hush")).hasSize(1);
    assertThat(problems("GITHUB_TOKEN", "ghp_short", "RENDER_API_KEY", "rnd_short")).isEmpty();
    file("github: {webhook-secrets: {other: hush}}");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("github.webhook-secrets.other: is shorter")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource({
    "DEPLOY_CMD_TIMEOUT, 5x",
    "DEPLOY_CMD_ENV, NOT_SET_ANYWHERE",
    "DEPLOY_SSH_PORT, 0",
    "DEPLOY_SSH_IDLE_TIMEOUT, soon",
    "RENDER_SERVICE_ID, web",
    "RENDER_API_URL, render",
    "RENDER_DEPLOY_CLEAR_CACHE, maybe",
    "QOVERY_AUTH_SCHEME, basic",
    "QOVERY_API_URL, qovery",
    "QOVERY_JOB_FORCE_EVENT, BEGIN",
    "SLIPWAY_LINE, newest",
    "SLIPWAY_ALLOW_WORKFLOWS, perhaps",
    "SLIPWAY_NO_PROGRESS_TIMEOUT, never"
  })
  void a_wrong_value_is_a_problem_even_where_no_target_uses_it(String name, String value) {
    assertThat(problems(name, value)).singleElement().asString().startsWith(name + ": ");
  }

  @Test
  void a_key_is_hidden_even_where_no_target_uses_it() {
    assertThat(good("QOVERY_API_TOKEN", "qov_of_no_service").secrets())
        .contains(new Secret("qov_of_no_service"));
  }

  @Test
  void what_a_command_is_handed_is_hidden_but_for_what_is_short_or_named_as_shown() {
    Configuration configuration =
        good(
            "DEPLOY_CMD", "true",
            "DEPLOY_CMD_ENV", "DB_URL,AWS_PROFILE,REGION:shown",
            "DB_URL", "postgres://app:hunter2hunter2@db/app",
            "AWS_PROFILE", "live",
            "REGION", "eu-central-1");

    assertThat(configuration.secrets())
        .contains(new Secret("postgres://app:hunter2hunter2@db/app"))
        .doesNotContain(new Secret("live"), new Secret("eu-central-1"));
    assertThat(configuration.warnings())
        .anyMatch(w -> w.startsWith("DEPLOY_CMD_ENV hands AWS_PROFILE"))
        .noneMatch(w -> w.contains("REGION") || w.contains("DB_URL"));
    assertThat(
            ((ShellType.Configured) configuration.routes().getFirst().targets().getLast().target())
                .config()
                .environment())
        .containsOnlyKeys("DB_URL", "AWS_PROFILE", "REGION");
  }

  @Test
  void a_variable_in_a_command_of_the_file_is_hidden() throws Exception {
    file(
        """
        data: ${PLACE}
        shell: {command: "deploy --key ${TOP_KEY}"}
        routes:
          - name: web
            chain: [{shell: {command: "deploy --key ${ROUTE_KEY}"}}]
        """);

    assertThat(
            good(
                    "PLACE", "place-of-data",
                    "TOP_KEY", "key-at-the-top",
                    "ROUTE_KEY", "key-of-a-route")
                .secrets())
        .contains(new Secret("key-at-the-top"), new Secret("key-of-a-route"))
        .doesNotContain(new Secret("place-of-data"));
  }

  @Test
  void a_token_in_the_wrong_setting_is_never_printed() throws Exception {
    file("github: {qov_hushhushhushhush: 1}");
    assertThat(
            String.join(
                "\n",
                problems(
                    "QOVERY_AUTH_SCHEME", "Token qov_hushhushhushhush",
                    "QOVERY_APPLICATION_ID", "qov_hushhushhushhush",
                    "QOVERY_JOB_FORCE_EVENT", "ghp_hushhushhushhush",
                    "RENDER_SERVICE_ID", "hush0hush1hush2hush3",
                    "GITHUB_TOKEN_FILE", "ghp_hushhushhushhush",
                    "DEPLOY_SSH_HOST", "example.com",
                    "DEPLOY_SSH_USER", "deploy",
                    "DEPLOY_SSH_KNOWN_HOSTS_FILE", "known",
                    "DEPLOY_SSH_COMMAND", "true",
                    "DEPLOY_SSH_KEY_FILE", "-----BEGIN OPENSSH PRIVATE KEY-----\nhush",
                    "DEPLOY_CMD_ENV", "hush0hush1hush2hush3",
                    "PORT", "a long hushed value")))
        .contains("QOVERY_AUTH_SCHEME", "GITHUB_TOKEN_FILE", "DEPLOY_SSH_KEY_FILE", "\"a long…\"")
        .doesNotContain("hush");
  }

  @Test
  void files_with_secrets_that_others_may_read_are_warned_of() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "ghp_from_a_file");
    file("qovery: {api-token: qov_in_the_file_itself}");
    String[] set = {"GITHUB_TOKEN_FILE", token.toString()};
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(
        folder.resolve("slipway.yml"), PosixFilePermissions.fromString("rw-------"));
    assertThat(good(set).warnings()).noneMatch(warning -> warning.contains("every user"));

    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(
        folder.resolve("slipway.yml"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(good(set).warnings())
        .anyMatch(w -> w.startsWith("GITHUB_TOKEN_FILE: every user of this machine can read"))
        .anyMatch(w -> w.contains("slipway.yml"));

    file("qovery: {api-token: \"${ELSEWHERE}\"}");
    assertThat(good("ELSEWHERE", "qov_elsewhere").warnings())
        .noneMatch(w -> w.contains("every user"));
  }

  @Test
  void a_secret_comes_from_a_file_without_its_line_end() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "ghp_from_a_file\n");

    assertThat(good("GITHUB_TOKEN_FILE", file.toString()).github().token())
        .isEqualTo(new Secret("ghp_from_a_file"));
    assertThat(problems("GITHUB_TOKEN_FILE", file.toString(), "GITHUB_TOKEN", "x"))
        .singleElement()
        .asString()
        .contains("GITHUB_TOKEN_FILE");
    assertThat(problems("GITHUB_TOKEN_FILE", folder.resolve("nothing").toString()))
        .singleElement()
        .asString()
        .contains("nothing");
  }

  @Test
  void a_webhook_secret_is_taken_as_it_is() {
    assertThat(
            good("GITHUB_WEBHOOK_SECRET", "  blanks around, and long ")
                .webhookSecrets()
                .getFirst()
                .secret()
                .reveal())
        .isEqualTo("  blanks around, and long ");
  }

  @Test
  void both_secrets_are_valid_while_one_is_rotated_out() {
    assertThat(good("GITHUB_WEBHOOK_SECRET_PREVIOUS", "the old one, also long").webhookSecrets())
        .extracting(NamedSecret::name)
        .containsExactly("current", "previous");
  }

  @Test
  void the_environment_wins_over_the_file() throws Exception {
    file("port: 9000\npublic-url: https://a.example\n");
    Configuration configuration = good("PORT", "9001");
    assertThat(configuration.server().port()).isEqualTo(9001);
    assertThat(configuration.server().publicUrl()).isEqualTo(URI.create("https://a.example"));
  }

  @Test
  void problems_of_the_file_name_the_place() throws Exception {
    file(
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
    assertThat(problems())
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
  void broken_yaml_is_told_with_its_line() throws Exception {
    file("port: 9000\nport: 9001\n");
    assertThat(problems()).singleElement().asString().contains("line 2").contains("port");
  }

  @Test
  void a_file_that_was_named_has_to_be_there() {
    assertThat(problems("SLIPWAY_CONFIG", "gone.yml"))
        .singleElement()
        .asString()
        .startsWith("SLIPWAY_CONFIG: ")
        .contains("gone.yml");
  }

  @Test
  void the_example_is_a_configuration_that_works() throws Exception {
    Files.copy(Path.of("docs/slipway.example.yml"), folder.resolve("slipway.yml"));
    Configuration configuration =
        switch (ConfigurationReader.load(
            Map.ofEntries(
                Map.entry("EXAMPLE_API_TOKEN", "token-1234567890"),
                Map.entry("EXAMPLE_METRICS_TOKEN", "metrics-token-1234"),
                Map.entry("EXAMPLE_WEBHOOK_SECRET", "webhook-secret-1234"),
                Map.entry("EXAMPLE_OLD_SECRET", "webhook-secret-0000"),
                Map.entry("EXAMPLE_ORG_SECRET", "webhook-secret-9999"),
                Map.entry("EXAMPLE_GITHUB_TOKEN", "ghp_1234"),
                Map.entry("EXAMPLE_DB_PASSWORD", "db-1234"),
                Map.entry("EXAMPLE_LINK_SECRET", "link-12345678901"),
                Map.entry("EXAMPLE_OLD_LINK_SECRET", "link-09876543210"),
                Map.entry("EXAMPLE_RENDER_KEY", "rnd_1234"),
                Map.entry("EXAMPLE_QOVERY_TOKEN", "qov_1234"),
                Map.entry("EXAMPLE_RENDER_HOOK", HOOK)),
            folder)) {
          case Configuration.Loaded.Good(Configuration good) -> good;
          case Configuration.Loaded.Bad(List<String> problems) ->
              throw new AssertionError(String.join("\n", problems));
        };

    assertThat(configuration.routes())
        .extracting(RouteConfig::route)
        .extracting(Route::name)
        .containsExactly("web-production", "api-production", "api-migrations");
    assertThat(configuration.routes().getLast().route().chain()).containsExactly("migrate");
    assertThat(configuration.routes().getLast().route().lock()).isEqualTo("qovery-production");
    assertThat(configuration.webhookSecrets())
        .extracting(NamedSecret::name)
        .containsExactly("current", "previous", "organisation");
  }

  @ParameterizedTest
  @CsvSource({"on,true", "off,false", "OFF,false", "true,true", "false,false"})
  void log_links_can_be_switched_off(String word, boolean links) throws IOException {
    assertThat(good("SLIPWAY_LOG_LINKS", word).logLinks().isEnabled()).isEqualTo(links);
    file("log-link:\n  enabled: " + word);
    assertThat(good().logLinks().isEnabled()).isEqualTo(links);
  }

  @Test
  void log_links_are_on_and_nothing_but_on_and_off_is_understood() {
    assertThat(good().logLinks().isEnabled()).isTrue();
    assertThat(problems("SLIPWAY_LOG_LINKS", "api-token"))
        .singleElement()
        .asString()
        .contains("SLIPWAY_LOG_LINKS")
        .contains("must be on or off");
  }

  @Test
  void without_links_nobody_is_warned_where_they_lead() {
    assertThat(good("SLIPWAY_LOG_LINKS", "off").warnings())
        .noneMatch(warning -> warning.contains("SLIPWAY_PUBLIC_URL"));
  }

  @Test
  void looking_for_deployments_is_switched_off_in_the_file_too() throws IOException {
    file("reconcile:\n  every: off");

    assertThat(good().reconcile().every()).isZero();
  }

  @Test
  void settings_never_print_their_secrets() {
    Configuration configuration =
        good(
            "GITHUB_TOKEN", "ghp_hush_hush_hush",
            "RENDER_DEPLOY_HOOK_URL", HOOK,
            "SLIPWAY_DATABASE_PASSWORD", "hush-hush-password",
            "SLIPWAY_API_TOKEN", "hush-hush-hush-token");

    assertThat(configuration.toString()).doesNotContain("hush", "a secret of good length");
    assertThat(configuration.secrets()).hasSizeGreaterThanOrEqualTo(5);
  }
}
