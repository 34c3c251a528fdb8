package dev.slipway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.github.AppCredential;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.WebhookSubscription;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingProblems;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingValues.GivenValue;
import dev.slipway.settings.SettingValues.Surroundings;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.LiveCheckConfig;
import dev.slipway.targets.LiveCheckSettings;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.targets.command.ShellType;
import dev.slipway.targets.command.SshConfig;
import dev.slipway.targets.command.SshType;
import dev.slipway.targets.qovery.ConfiguredQovery;
import dev.slipway.targets.qovery.QoveryConfig;
import dev.slipway.targets.qovery.QoveryVersionRule;
import dev.slipway.targets.render.RenderApiConfig;
import dev.slipway.targets.render.RenderApiType;
import dev.slipway.targets.render.RenderHookConfig;
import dev.slipway.targets.render.RenderHookType;
import dev.slipway.targets.render.RenderJobConfig;
import dev.slipway.targets.render.RenderJobType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares what the parts of Slipway get while a setting is not set with the default that the
 * setting declares. A new setting needs a line here.
 */
class EffectiveDefaultsTest {
  private static final String SECRET = "GITHUB_WEBHOOK_SECRET";

  /** Without these there is no target whose other settings could be looked at. */
  private static final Map<String, String> NEEDED =
      Map.ofEntries(
          Map.entry("RENDER_DEPLOY_HOOK_URL", "https://api.render.com/deploy/srv-abc123?key=hush"),
          Map.entry("RENDER_SERVICE_ID", "srv-abc123"),
          Map.entry("RENDER_JOB_COMMAND", "rake db:migrate"),
          Map.entry("QOVERY_APPLICATION_ID", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
          Map.entry("QOVERY_JOB_ID", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
          Map.entry("QOVERY_CONTAINER_ID", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
          Map.entry("QOVERY_HELM_ID", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
          Map.entry("DEPLOY_SSH_HOST", "server"),
          Map.entry("DEPLOY_SSH_USER", "deploy"),
          Map.entry("DEPLOY_SSH_KEY_FILE", "key"),
          Map.entry("DEPLOY_SSH_KNOWN_HOSTS_FILE", "hosts"),
          Map.entry("DEPLOY_SSH_COMMAND", "true"),
          Map.entry("DEPLOY_CMD", "true"));

  private static final Map<String, String> KEYS =
      Map.of("RENDER_API_KEY", "rnd_key", "QOVERY_API_TOKEN", "qov_token");

  @TempDir Path folder;

  @Test
  void what_is_used_while_nothing_is_set_is_what_each_setting_declares() {
    Map<String, Object> used = new TreeMap<>();
    NEEDED.keySet().forEach(variable -> used.put(variable, Optional.empty()));
    server(configuration(Map.of()), used);
    storage(configuration(Map.of()).storage(), used);
    access(configuration(Map.of()), used);
    github(configuration(Map.of()), used);
    outgoing(used);
    check(used);
    notifications(used);
    reconcile(configuration(Map.of()).reconcile(), used);
    defaultRoute(configuration(Map.of("DEPLOY_CMD", "true")).routes().getFirst().route(), used);
    render(used);
    qovery(used);
    http(used);
    commands(used);

    assertThat(used).isEqualTo(declared());
  }

  @Test
  void no_target_is_configured_while_nothing_is_set() {
    assertThat(configuration(Map.of()).routes()).isEmpty();
  }

  private Map<String, Object> declared() {
    SettingValues none = values(Map.of());
    Map<String, Object> declared = new TreeMap<>();
    AllSettings.CATALOG
        .settings()
        .forEach(setting -> declared.put(setting.variable(), setting.defaultValue(none)));
    declared.remove(SECRET);
    return declared;
  }

  private Configuration configuration(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put(SECRET, "a secret of good length");
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Good(Configuration good) -> good;
      case Configuration.Loaded.Bad(List<String> problems) ->
          throw new AssertionError(String.join("\n", problems));
    };
  }

  private SettingValues values(Map<String, String> set) {
    Map<Setting<?>, GivenValue> given = new HashMap<>();
    for (Setting<?> setting : AllSettings.CATALOG.settings()) {
      Optional.ofNullable(set.get(setting.variable()))
          .ifPresent(value -> given.put(setting, new GivenValue(setting.variable(), value)));
    }
    return new SettingValues(
        AllSettings.CATALOG, given, new Surroundings(Map.of(), folder), new SettingProblems());
  }

  private ConfiguredTarget target(String code, Map<String, String> more) {
    Map<String, String> set = new HashMap<>(NEEDED);
    set.putAll(more);
    return TargetTypes.of(code).orElseThrow().read(code, values(set), folder.resolve("data"));
  }

  private static void server(Configuration configuration, Map<String, Object> used) {
    used.put("PORT", configuration.server().port());
    used.put("SLIPWAY_BIND", configuration.server().bind());
    used.put("SLIPWAY_PUBLIC_URL", configuration.server().publicUrl());
    used.put("SLIPWAY_STOP_GRACE", configuration.runs().stopGrace());
    used.put("SLIPWAY_COMMANDS_AT_ONCE", configuration.runs().commandsAtOnce());
    used.put("SLIPWAY_PROVIDER_LOG", configuration.runs().providerLog());
  }

  private void check(Map<String, Object> used) {
    used.put(
        "SLIPWAY_CHECK_URL", LiveCheckSettings.read(values(Map.of())).map(LiveCheckConfig::url));
    LiveCheckConfig check =
        LiveCheckSettings.read(values(Map.of("SLIPWAY_CHECK_URL", "https://x.example/")))
            .orElseThrow();
    used.put("SLIPWAY_CHECK_TIMEOUT", check.timeout());
    used.put("SLIPWAY_CHECK_EVERY", check.every());
    used.put("SLIPWAY_CHECK_COMMIT_HEADER", Optional.ofNullable(check.commitHeader()));
    used.put("SLIPWAY_CHECK_COMMIT_JSON", Optional.ofNullable(check.commitJson()));
  }

  /** One that is told of everything has the lists that leave nothing out. */
  private void notifications(Map<String, Object> used) {
    assertThat(configuration(Map.of()).outgoingWebhooks()).isEmpty();
    used.put("SLIPWAY_NOTIFY_URL", Optional.empty());
    used.put("SLIPWAY_NOTIFY_SECRET", Optional.empty());
    OutgoingWebhook webhook =
        configuration(
                Map.of(
                    "SLIPWAY_NOTIFY_URL",
                    "https://x.example/",
                    "SLIPWAY_NOTIFY_SECRET",
                    "another secret of good length"))
            .outgoingWebhooks()
            .getFirst();
    used.put("SLIPWAY_NOTIFY_FORMAT", webhook.format());
    used.put("SLIPWAY_NOTIFY_LOG_URL", webhook.hasLogUrl());
    WebhookSubscription wanted = webhook.subscription();
    assertThat(GithubState.values()).allMatch(wanted::wants);
    used.put("SLIPWAY_NOTIFY_EVENTS", List.of("*"));
    assertThat(wanted.wants("acme/any", "anywhere", "any")).isTrue();
    used.put("SLIPWAY_NOTIFY_ENVIRONMENTS", List.of());
    used.put("SLIPWAY_NOTIFY_REPOSITORIES", List.of());
    assertThat(configuration(Map.of("DEPLOY_CMD", "true")).routes().getFirst().after()).isEmpty();
    used.put("SLIPWAY_AFTER_SUCCESS_CMD", Optional.empty());
    used.put("SLIPWAY_AFTER_FAILURE_CMD", Optional.empty());
  }

  private void storage(StorageConfig storage, Map<String, Object> used) {
    used.put("SLIPWAY_DATA", folder.relativize(storage.directory()));
    used.put("SLIPWAY_DATABASE_URL", storage.databaseUrl());
    used.put("SLIPWAY_DATABASE_USER", Optional.ofNullable(storage.login().user()));
    used.put("SLIPWAY_DATABASE_PASSWORD", Optional.ofNullable(storage.login().password()));
    used.put("SLIPWAY_KEEP_LOGS", storage.periods().logs());
    used.put("SLIPWAY_KEEP_DEPLOYMENTS", storage.periods().deployments());
    used.put("SLIPWAY_KEEP_DELIVERIES", storage.periods().deliveries());
  }

  private static void access(Configuration configuration, Map<String, Object> used) {
    AccessConfig access = configuration.access();
    used.put("SLIPWAY_API_TOKEN", Optional.ofNullable(access.apiToken()));
    used.put("SLIPWAY_METRICS_TOKEN", Optional.ofNullable(access.metricsToken()));
    used.put("RENDER_WEBHOOK_SECRET", Optional.ofNullable(access.renderWebhookSecret()));
    used.put("SLIPWAY_CHATOPS", access.chatOps());
    LogLinkConfig links = configuration.logLinks();
    used.put("SLIPWAY_LOG_LINKS", links.isEnabled());
    used.put("SLIPWAY_LOG_LINK_SECRET", Optional.ofNullable(links.secret()));
    used.put("SLIPWAY_LOG_LINK_SECRET_PREVIOUS", Optional.ofNullable(links.previousSecret()));
    used.put("SLIPWAY_LOG_LINK_TTL", links.ttl());
  }

  private static void github(Configuration configuration, Map<String, Object> used) {
    used.put(
        "GITHUB_WEBHOOK_SECRET_PREVIOUS",
        configuration.webhookSecrets().stream()
            .filter(secret -> secret.name().equals("previous"))
            .findFirst());
    used.put("GITHUB_TOKEN", Optional.ofNullable(configuration.github().token()));
    Optional<AppCredential> app = Optional.ofNullable(configuration.github().app());
    used.put("GITHUB_APP_ID", app.map(AppCredential::issuer));
    used.put("GITHUB_APP_PRIVATE_KEY", app.map(AppCredential::key));
    used.put("GITHUB_APP_INSTALLATION_ID", app.map(AppCredential::installation));
    used.put("GITHUB_API_URL", configuration.github().apiUrl());
    used.put("GITHUB_API_VERSION", configuration.github().apiVersion());
    used.put(
        "GITHUB_CONTENT_PER_MINUTE",
        configuration.githubHosts().getFirst().postLimits().perMinute());
    used.put(
        "GITHUB_CONTENT_PER_HOUR", configuration.githubHosts().getFirst().postLimits().perHour());
  }

  private void outgoing(Map<String, Object> used) {
    Configuration none = configuration(Map.of());
    used.put("SLIPWAY_CA_FILE", none.egress().authorities().stream().findFirst());
    used.put("HTTPS_PROXY", Optional.ofNullable(none.egress().proxy()));
    used.put(
        "NO_PROXY",
        Optional.ofNullable(
                configuration(Map.of("HTTPS_PROXY", "http://proxy:3128")).egress().proxy())
            .orElseThrow()
            .except());
  }

  private static void reconcile(ReconcileConfig reconcile, Map<String, Object> used) {
    used.put("SLIPWAY_RECONCILE_EVERY", reconcile.every());
    used.put("SLIPWAY_RECONCILE_MAX_AGE", reconcile.maxAge());
    used.put("SLIPWAY_RECONCILE_GRACE", reconcile.grace());
  }

  private static void defaultRoute(Route route, Map<String, Object> used) {
    RouteMatch match = route.match();
    used.put("SLIPWAY_REPOSITORIES", match.patterns(RouteMatch.Part.REPOSITORIES));
    used.put("SLIPWAY_ENVIRONMENTS", match.patterns(RouteMatch.Part.ENVIRONMENTS));
    used.put("SLIPWAY_REFS", match.patterns(RouteMatch.Part.REFS));
    used.put("SLIPWAY_CREATORS", match.patterns(RouteMatch.Part.CREATORS));
    used.put("SLIPWAY_QUEUE_KEY", Optional.ofNullable(route.sharedQueueKey()).orElseThrow());
    OriginPolicy origins = route.originPolicy();
    used.put("SLIPWAY_ALLOW_WORKFLOWS", origins.workflows());
    used.put("SLIPWAY_ALLOW_APPS", List.copyOf(origins.apps()));
    used.put("SLIPWAY_ALLOW_BOTS", List.copyOf(origins.bots()));
    used.put("SLIPWAY_QUEUE", route.queuePolicy().mode());
    used.put("SLIPWAY_CANCEL_RUNNING", route.queuePolicy().cancelRunning());
    used.put("SLIPWAY_SKIP_OLDER_COMMITS", route.queuePolicy().skipOlderCommits());
    ProtectionRules protection = route.protection();
    used.put("SLIPWAY_LOCKED", protection.whenLocked());
    used.put("SLIPWAY_FREEZE_OVERRIDE", List.copyOf(protection.freezeOverride()));
    used.put("SLIPWAY_GATE_REFS", protection.gates().patterns(RouteMatch.Part.REFS));
    used.put("SLIPWAY_GATE_CREATORS", protection.gates().patterns(RouteMatch.Part.CREATORS));
    used.put("SLIPWAY_GATE_AFTER", protection.gates().after());
  }

  private void render(Map<String, Object> used) {
    RenderHookConfig hook = ((RenderHookType.Configured) target("render-hook", Map.of())).config();
    used.put("RENDER_API_URL", hook.apiUrl());
    used.put("RENDER_API_KEY", Optional.ofNullable(hook.apiKey()));
    AttemptLimits limits = hook.limits();
    used.put("SLIPWAY_START_LIMIT", limits.start());
    used.put("SLIPWAY_UNKNOWN_GRACE", limits.grace());
    used.put("SLIPWAY_UNKNOWN_LIMIT", limits.lookup());
    used.put("SLIPWAY_DEPLOY_TIMEOUT", limits.total());
    used.put("SLIPWAY_NO_PROGRESS_TIMEOUT", limits.noProgress());
    RenderApiConfig api = ((RenderApiType.Configured) target("render-api", KEYS)).config();
    used.put("RENDER_IMAGE_URL", Optional.ofNullable(api.imageUrl()));
    used.put("RENDER_ROLLBACK", api.rollsBack());
    used.put("RENDER_DEPLOY_CLEAR_CACHE", api.clearCache());
    RenderJobConfig job = ((RenderJobType.Configured) target("render-job", KEYS)).config();
    used.put("RENDER_JOB_PLAN", Optional.ofNullable(job.plan()));
  }

  private void qovery(Map<String, Object> used) {
    QoveryConfig job = ((ConfiguredQovery) target("qovery-job", KEYS)).config();
    used.put("QOVERY_API_URL", job.account().apiUrl());
    // Sent in Qovery's own case
    used.put("QOVERY_AUTH_SCHEME", job.account().scheme().replace('T', 't'));
    used.put("QOVERY_JOB_FORCE_EVENT", Optional.ofNullable(job.forceEvent()));
    assertThat(job.version()).isEqualTo(new QoveryVersionRule.ByCommit());
    used.put("QOVERY_JOB_IMAGE_TAG", Optional.empty());
    QoveryConfig container = ((ConfiguredQovery) target("qovery-container", KEYS)).config();
    used.put(
        "QOVERY_CONTAINER_IMAGE_TAG",
        ((QoveryVersionRule.ByImageTag) container.version()).tag().text());
    QoveryConfig helm = ((ConfiguredQovery) target("qovery-helm", KEYS)).config();
    assertThat(helm.version()).isEqualTo(new QoveryVersionRule.ByCommit());
    used.put("QOVERY_HELM_CHART_VERSION", Optional.empty());
    used.put("QOVERY_HELM_VALUES_FROM_GIT", false);
    assertThat(target("qovery-job", Map.of())).isInstanceOf(ConfiguredTarget.Missing.class);
    used.put("QOVERY_API_TOKEN", Optional.empty());
  }

  /** Without either of them there is no target. */
  private void http(Map<String, Object> used) {
    assertThat(target("http", Map.of())).isInstanceOf(ConfiguredTarget.Missing.class);
    used.put("DEPLOY_HTTP_URL", Optional.empty());
    assertThat(target("http", Map.of("DEPLOY_HTTP_URL", "https://deploy.example.com")))
        .isInstanceOf(ConfiguredTarget.Missing.class);
    used.put("DEPLOY_HTTP_SECRET", Optional.empty());
  }

  private void commands(Map<String, Object> used) {
    SshConfig ssh = ((SshType.Configured) target("ssh", Map.of())).config();
    used.put("DEPLOY_SSH_PORT", ssh.port());
    used.put("DEPLOY_SSH_TIMEOUT", ssh.timeout());
    used.put("DEPLOY_SSH_IDLE_TIMEOUT", ssh.idleTimeout());
    ShellConfig shell = ((ShellType.Configured) target("shell", Map.of())).config();
    used.put("DEPLOY_CMD_DIR", folder.relativize(shell.workingDirectory()));
    used.put("DEPLOY_CMD_USER", Optional.ofNullable(shell.user()));
    used.put("DEPLOY_CMD_ENV", List.copyOf(shell.environment().keySet()));
    used.put("DEPLOY_CMD_TIMEOUT", shell.timeout());
    used.put("DEPLOY_CMD_IDLE_TIMEOUT", shell.idleTimeout());
  }
}
