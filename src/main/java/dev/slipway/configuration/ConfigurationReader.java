package dev.slipway.configuration;

import static dev.slipway.settings.SettingKey.*;

import dev.slipway.github.GithubConfig;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import dev.slipway.settings.FilePermissions;
import dev.slipway.settings.SettingKey;
import dev.slipway.settings.SettingProblems;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingsEnvironment;
import dev.slipway.settings.SettingsFile;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.PostLimits;
import dev.slipway.store.Retention;
import dev.slipway.webhook.NamedSecret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the settings from the environment and the file; the environment wins. */
final class ConfigurationReader {
  private static final int COMMANDS_FOR_EACH_CORE = 4;
  private static final String DEFAULT_FILE = "slipway.yml";
  private static final String LINE_OF_EACH_ENVIRONMENT = "environment";
  private static final Duration SHORTEST_KEEP = Duration.ofDays(8);

  private final Map<String, String> environment;
  private final Path folder;
  private final SettingProblems problems = new SettingProblems();
  private Optional<Path> read = Optional.empty();

  ConfigurationReader(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  Configuration.Loaded load() {
    SettingsFile file = file();
    Map<SettingKey, SettingValues.GivenValue> given = new EnumMap<>(SettingKey.class);
    given.putAll(file.values());
    given.putAll(new SettingsEnvironment(environment, problems).values());
    SettingValues values = new SettingValues(given, problems);
    // What is set is hidden, whether or not a target uses it
    Stream.of(SettingKey.values()).filter(SettingKey::isSecret).forEach(values::secret);
    Configuration settings = settings(values, file);
    return problems.isEmpty()
        ? new Configuration.Loaded.Good(settings)
        : new Configuration.Loaded.Bad(problems.list());
  }

  private SettingsFile file() {
    SettingsFile file = new SettingsFile(environment, problems);
    String named = environment.getOrDefault(SettingsEnvironment.FILE, "");
    Path path = folder.resolve(named.isEmpty() ? DEFAULT_FILE : named);
    if (Files.exists(path)) {
      read = Optional.of(path);
      return file.read(path);
    }
    if (!named.isEmpty()) {
      problems.add(
          SettingsEnvironment.FILE, "there is no file " + SafeExcerpt.ofPath(path.toString()));
    }
    return file;
  }

  private Configuration settings(SettingValues values, SettingsFile file) {
    int port = values.port(PORT, 8080, 0);
    String bind = values.address(SLIPWAY_BIND, "0.0.0.0");
    List<NamedSecret> webhookSecrets = webhookSecrets(values, file);
    GithubConfig github = github(values);
    Path data = folder.resolve(values.text(SLIPWAY_DATA).orElse("data"));
    URI publicUrl = values.base(SLIPWAY_PUBLIC_URL, "http://localhost:" + port);
    boolean logLinks = values.isOn(SLIPWAY_LOG_LINKS);
    if (logLinks && !values.has(SLIPWAY_PUBLIC_URL)) {
      values.warn(
          "SLIPWAY_PUBLIC_URL is not set: the log links on GitHub will lead to this machine only");
    }
    if (github.token() == null) {
      values.warn("GITHUB_TOKEN is not set: statuses will wait until it is");
    }
    List<RouteConfig> routes = routes(values, file, data);
    file.handed().forEach(one -> values.handed(one.from(), one.variable(), one.value()));
    warnOfOpen(file);
    Secret apiToken = values.chosenSecret(SLIPWAY_API_TOKEN).orElse(null);
    Secret metricsToken = values.chosenSecret(SLIPWAY_METRICS_TOKEN).orElse(null);
    Secret formerLinkSecret = values.chosenSecret(SLIPWAY_LOG_LINK_SECRET_PREVIOUS).orElse(null);
    Secret linkSecret = values.chosenSecret(SLIPWAY_LOG_LINK_SECRET).orElse(null);
    DatabaseLogin login =
        new DatabaseLogin(
            values.text(SLIPWAY_DATABASE_USER).orElse(null),
            values.secret(SLIPWAY_DATABASE_PASSWORD).map(Secret::reveal).orElse(null));
    String databaseUrl = databaseUrl(values, data);
    Duration linkTtl = values.duration(SLIPWAY_LOG_LINK_TTL, Duration.ofDays(90));
    Retention.Periods keep = keep(values);
    warnOfShort(values);
    return new Configuration(
        port,
        bind,
        publicUrl,
        !values.has(SLIPWAY_PUBLIC_URL),
        databaseUrl,
        login,
        webhookSecrets,
        github,
        pace(values),
        apiToken,
        metricsToken,
        logLinks,
        linkSecret,
        formerLinkSecret,
        linkTtl,
        values.duration(SLIPWAY_STOP_GRACE, Duration.ofSeconds(5)),
        commandsAtOnce(values),
        keep,
        routes,
        ReconcileConfig.read(values),
        EgressReader.read(values, folder),
        List.copyOf(values.secrets()),
        problems.warnings());
  }

  private void warnOfOpen(SettingsFile file) {
    read.flatMap(
            path ->
                file.holdsSecret()
                    ? FilePermissions.problem(path)
                    : FilePermissions.changeable(path))
        .ifPresent(problems::warn);
  }

  private static int commandsAtOnce(SettingValues values) {
    int count =
        values.count(
            SLIPWAY_COMMANDS_AT_ONCE,
            COMMANDS_FOR_EACH_CORE * Runtime.getRuntime().availableProcessors());
    return count == 0 ? Integer.MAX_VALUE : count;
  }

  private GithubConfig github(SettingValues values) {
    String version = values.text(GITHUB_API_VERSION).orElse(GithubConfig.API_VERSION);
    if (!version.matches("\\d{4}-\\d{2}-\\d{2}")) {
      problems.add(
          values.name(GITHUB_API_VERSION),
          "must be a date such as "
              + GithubConfig.API_VERSION
              + ", from GitHub's list of versions");
    }
    GithubConfig github =
        new GithubConfig(
            values.base(GITHUB_API_URL, "https://api.github.com"),
            values.secret(GITHUB_TOKEN).orElse(null),
            version);
    if (values.has(GITHUB_API_URL) && github.lacksPath()) {
      values.warn(
          "GITHUB_API_URL is %s: GitHub Enterprise Server has its API below /api/v3, so that no"
                  .formatted(github.apiUrl())
              + " status may arrive; set it to https://HOST/api/v3");
    }
    return github;
  }

  private static PostLimits pace(SettingValues values) {
    int perMinute = values.count(GITHUB_CONTENT_PER_MINUTE, 80);
    return new PostLimits(
        perMinute,
        values.count(GITHUB_CONTENT_PER_HOUR, 500),
        perMinute == 0 ? Duration.ZERO : Duration.ofSeconds(1));
  }

  private Retention.Periods keep(SettingValues values) {
    return new Retention.Periods(
        values.duration(SLIPWAY_KEEP_LOGS, Duration.ofDays(90)),
        redeliverable(values, SLIPWAY_KEEP_DEPLOYMENTS, Duration.ofDays(365)),
        redeliverable(values, SLIPWAY_KEEP_DELIVERIES, Duration.ofDays(30)));
  }

  /** What GitHub may deliver again has to be known still. */
  private Duration redeliverable(SettingValues values, SettingKey key, Duration otherwise) {
    Duration kept = values.duration(key, otherwise);
    if (kept.compareTo(SHORTEST_KEEP) < 0) {
      problems.add(values.name(key), "must be at least 8d: GitHub redelivers for 7 days");
    }
    return kept;
  }

  private List<NamedSecret> webhookSecrets(SettingValues values, SettingsFile file) {
    List<NamedSecret> secrets = new ArrayList<>();
    values
        .chosenSecret(GITHUB_WEBHOOK_SECRET)
        .map(s -> new NamedSecret("current", s))
        .ifPresent(secrets::add);
    values
        .chosenSecret(GITHUB_WEBHOOK_SECRET_PREVIOUS)
        .map(s -> new NamedSecret("previous", s))
        .ifPresent(secrets::add);
    file.webhookSecrets()
        .forEach(
            (name, text) -> {
              Secret secret = values.noted(text);
              values.checkLength(SettingsFile.WEBHOOK_SECRETS + "." + name, secret);
              secrets.add(new NamedSecret(name, secret));
            });
    secrets.stream()
        .filter(secret -> !secret.secret().reveal().equals(secret.secret().reveal().strip()))
        .forEach(
            secret ->
                values.warn(
                    "the webhook secret \"%s\" begins or ends with a blank: deliveries are only taken"
                            .formatted(secret.name())
                        + " when it does so on GitHub too"));
    if (secrets.isEmpty()) {
      problems.add(
          GITHUB_WEBHOOK_SECRET.name(),
          "is not set. Without it everybody could deploy: choose a long random text, set it here"
              + " and in the webhook's settings on GitHub");
    }
    return secrets;
  }

  private String databaseUrl(SettingValues values, Path data) {
    String url =
        values.text(SLIPWAY_DATABASE_URL).orElse("jdbc:sqlite:" + data.resolve("slipway.db"));
    if (!url.matches("jdbc:sqlite:[^?]+") && !url.startsWith("jdbc:postgresql:")) {
      problems.add(
          values.name(SLIPWAY_DATABASE_URL),
          "must be jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE");
    }
    if (url.startsWith("jdbc:postgresql:") && url.matches(".*[?&]password=.*")) {
      values.noted(url.replaceAll(".*[?&]password=([^&]*).*", "$1"));
    }
    return url;
  }

  private List<RouteConfig> routes(SettingValues values, SettingsFile file, Path data) {
    RouteReader.ReaderOf readers = own -> new TargetReader(own, environment, folder, data);
    readers.reader(values).check();
    QueuePolicy line = defaultLine(values);
    List<RouteConfig> routes = new ArrayList<>(new RouteReader(file, values, readers).read());
    boolean _ = values.flag(SLIPWAY_ALLOW_WORKFLOWS);
    boolean isDefaultTaken = routes.stream().anyMatch(r -> r.route().name().equals(Route.DEFAULT));
    boolean wanted = Stream.of(TargetType.values()).map(TargetType::chief).anyMatch(values::has);
    boolean hasHalf = values.has(RENDER_SERVICE_ID) && !values.has(RENDER_API_KEY);
    if (wanted && isDefaultTaken) {
      problems.add(
          SettingsFile.ROUTES,
          "the name \"default\" is kept for the route of the environment variables");
    } else if (wanted) {
      RouteConfig route = defaultRoute(values, readers.reader(values), line);
      boolean deploys = !route.targets().stream().allMatch(TargetSettings.Absent.class::isInstance);
      if (deploys || !hasHalf) {
        routes.add(route);
      }
    }
    DestinationCheck.warnings(routes).forEach(values::warn);
    RenderChainCheck.warnings(routes).forEach(values::warn);
    if (routes.isEmpty()) {
      values.warn(
          "no route is configured: nothing will be deployed. Set a target such as"
              + " RENDER_DEPLOY_HOOK_URL or DEPLOY_CMD, or write routes into slipway.yml");
    }
    return routes;
  }

  private static RouteConfig defaultRoute(
      SettingValues values, TargetReader reader, QueuePolicy line) {
    List<TargetSettings> targets =
        Stream.of(TargetType.values()).map(type -> reader.read(type, type.code())).toList();
    OriginPolicy foreign =
        new OriginPolicy(
            values.flag(SLIPWAY_ALLOW_WORKFLOWS),
            Set.copyOf(values.list(SLIPWAY_ALLOW_APPS)),
            Set.copyOf(values.list(SLIPWAY_ALLOW_BOTS)));
    return new RouteConfig(
        new Route(
            Route.DEFAULT,
            defaultMatch(values),
            foreign,
            targets.stream()
                .filter(target -> !(target instanceof TargetSettings.Absent))
                .map(TargetSettings::name)
                .toList(),
            values.text(SLIPWAY_LOCK).orElse(Route.DEFAULT).equals(LINE_OF_EACH_ENVIRONMENT)
                ? null
                : values.text(SLIPWAY_LOCK).orElse(Route.DEFAULT),
            line),
        targets);
  }

  private static RouteMatch defaultMatch(SettingValues values) {
    List<String> environments = values.list(SLIPWAY_ENVIRONMENTS);
    return new RouteMatch(
        Map.of(
            RouteMatch.Part.REPOSITORIES,
            values.list(SLIPWAY_REPOSITORIES),
            RouteMatch.Part.ENVIRONMENTS,
            environments.isEmpty() ? List.of("production") : environments,
            RouteMatch.Part.REFS,
            values.list(SLIPWAY_REFS),
            RouteMatch.Part.CREATORS,
            values.list(SLIPWAY_CREATORS)));
  }

  private static QueuePolicy defaultLine(SettingValues values) {
    return new QueuePolicyReader(values.problems())
        .read(
            new QueuePolicyReader.Named<>(
                values.name(SLIPWAY_LINE),
                values.text(SLIPWAY_LINE).orElse(QueuePolicy.LATEST.policy().code())),
            new QueuePolicyReader.Named<>(
                values.name(SLIPWAY_CANCEL_RUNNING), values.flag(SLIPWAY_CANCEL_RUNNING)),
            values.flag(SLIPWAY_SKIP_OLDER_COMMITS));
  }

  private static void warnOfShort(SettingValues values) {
    int tooShort = new Redactor(values.secrets()).tooShort().size();
    if (tooShort > 0) {
      values.warn(
          tooShort + " of the secrets are too short to be hidden in logs; choose longer ones");
    }
  }
}
