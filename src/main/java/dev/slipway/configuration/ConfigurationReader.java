package dev.slipway.configuration;

import dev.slipway.http.EgressConfig;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import dev.slipway.settings.FilePermissions;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingProblems;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingsEnvironment;
import dev.slipway.settings.SettingsFile;
import dev.slipway.targets.ConfiguredTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the configuration from the environment and the file; the environment wins. */
public final class ConfigurationReader {
  private static final String FILE = "SLIPWAY_CONFIG";
  private static final String DEFAULT_FILE = "slipway.yml";
  private static final String CLIENT_ID = "GITHUB_APP_CLIENT_ID";

  /** What is no setting, with what a command of ours is given: it may start another Slipway. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          FILE,
          "SLIPWAY_LOG_LEVEL",
          "SLIPWAY_REPOSITORY",
          "SLIPWAY_HOST",
          "SLIPWAY_SHA",
          "SLIPWAY_REF",
          "SLIPWAY_ENVIRONMENT",
          "SLIPWAY_TASK",
          "SLIPWAY_PAYLOAD",
          "SLIPWAY_PAYLOAD_FILE",
          "SLIPWAY_DESCRIPTION",
          "SLIPWAY_CREATOR",
          "SLIPWAY_DEPLOYMENT_ID",
          "SLIPWAY_RUN",
          "SLIPWAY_STATE",
          "SLIPWAY_REASON",
          "SLIPWAY_OUTPUT");

  private final Map<String, String> environment;
  private final Path folder;
  private final SettingProblems problems = new SettingProblems();
  private final Optional<Path> path;
  private final SettingsEnvironment variables;

  private ConfigurationReader(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
    this.path = path();
    this.variables = new SettingsEnvironment(environment, AllSettings.CATALOG, problems);
  }

  /**
   * Reads the configuration.
   *
   * @param environment the environment variables
   * @param folder the working directory, where {@code slipway.yml} may be
   */
  public static Configuration.Loaded load(Map<String, String> environment, Path folder) {
    return new ConfigurationReader(environment, folder).load();
  }

  private Configuration.Loaded load() {
    SettingsFile file =
        new SettingsFile(
            environment,
            AllSettings.CATALOG,
            Set.of(
                RouteReader.ROUTES,
                FreezeReader.OF_DEFAULT_ROUTE,
                WebhookSecretSettings.KEY,
                GithubHostSettings.KEY,
                NotificationSettings.KEY),
            problems);
    path.ifPresent(file::read);
    SettingValues values = values(file);
    // A wrong value is a problem and a secret is hidden even where nothing uses it
    AllSettings.CATALOG.settings().forEach(values::get);
    Configuration configuration = configuration(values, file);
    return problems.isEmpty()
        ? new Configuration.Loaded.Good(configuration)
        : new Configuration.Loaded.Bad(problems.list());
  }

  private Optional<Path> path() {
    String named = environment.getOrDefault(FILE, "");
    Path path = folder.resolve(named.isEmpty() ? DEFAULT_FILE : named);
    if (!named.isEmpty() && !Files.exists(path)) {
      problems.add(FILE, "there is no file " + SafeExcerpt.ofPath(path.toString()));
    }
    return Optional.of(path).filter(Files::exists);
  }

  private SettingValues values(SettingsFile file) {
    if (environment.containsKey(CLIENT_ID)) {
      problems.add(CLIENT_ID, "is not a setting; GITHUB_APP_ID takes the client id");
    }
    variables.findUnknown(OTHER_VARIABLES);
    Map<Setting<?>, SettingValues.GivenValue> given = new LinkedHashMap<>(file.values());
    given.putAll(variables.values());
    return new SettingValues(
        AllSettings.CATALOG, given, new SettingValues.Surroundings(environment, folder), problems);
  }

  private Configuration configuration(SettingValues values, SettingsFile file) {
    ServerConfig server = ServerConfig.read(values);
    AccessConfig access = AccessConfig.read(values);
    StorageConfig storage = StorageConfig.read(values);
    EgressConfig egress = EgressSettings.config(values);
    List<GithubHostConfig> githubHosts = GithubHostSettings.read(values, file, egress);
    LogLinkConfig logLinks = LogLinkConfig.read(values);
    List<RouteConfig> routes = routes(values, file, storage.directory());
    if (githubHosts.size() > 1) {
      routes.forEach(route -> warnOfHosts(route.route(), values));
    }
    List<OutgoingWebhook> outgoingWebhooks = NotificationSettings.read(values, file);
    file.handed()
        .forEach(
            handed -> {
              Secret _ = values.hideHanded(handed.from(), handed.variable(), handed.value());
            });
    return new Configuration(
        server,
        access,
        storage,
        githubHosts,
        egress,
        logLinks,
        RunConfig.read(values),
        routes,
        ReconcileConfig.read(values),
        outgoingWebhooks,
        List.copyOf(values.secrets()),
        secretFiles(file),
        warnings(values, file));
  }

  private List<RouteConfig> routes(SettingValues values, SettingsFile file, Path data) {
    RouteConfig defaultRoute =
        DefaultRouteSettings.read(
            values, new FreezeReader(new StructureReader(file, values)).readDefault(), data);
    List<RouteConfig> routes = new ArrayList<>(new RouteReader(file, values, data).read());
    // Where Render runs us it sets RENDER_SERVICE_ID, which alone configures no target
    if (defaultRoute.targets().stream().anyMatch(RouteConfig.Entry::isConfigured)) {
      if (routes.stream().anyMatch(route -> route.route().name().equals(Route.DEFAULT))) {
        problems.add(
            RouteReader.ROUTES,
            "the name \"default\" is kept for the route of the environment variables");
      }
      routes.add(defaultRoute);
    }
    DestinationCheck.warnings(routes).forEach(values::warn);
    routes.forEach(route -> warnOfChain(route, values));
    if (routes.isEmpty()) {
      values.warn(
          "no route is configured: nothing will be deployed. Set a target such as"
              + " RENDER_DEPLOY_HOOK_URL or DEPLOY_CMD, or write routes into slipway.yml");
    }
    return routes;
  }

  /** A name says nothing about who owns it: anybody may own the same one at another host. */
  private static void warnOfHosts(Route route, SettingValues values) {
    if (route.match().patterns(RouteMatch.Part.HOSTS).isEmpty()) {
      values.warn(
          "route \"%s\" takes deployments of every GitHub host, so who administers one of them can start its targets: %s"
              .formatted(
                  route.name(),
                  route.name().equals(Route.DEFAULT)
                      ? "write it into slipway.yml as a route with match.hosts, unless you mean that"
                      : "name those that you mean in match.hosts (\"*\" for all)"));
    }
  }

  private static void warnOfChain(RouteConfig route, SettingValues values) {
    for (List<RouteConfig.Entry> entries : List.of(route.targets(), route.destroyTargets())) {
      List<ConfiguredTarget> chain = entries.stream().map(RouteConfig.Entry::target).toList();
      chain.stream()
          .flatMap(target -> target.chainWarnings(chain).stream())
          .forEach(warning -> values.warn("route \"" + route.route().name() + "\"" + warning));
    }
  }

  private List<String> warnings(SettingValues values, SettingsFile file) {
    int tooShort = new Redactor(values.secrets()).tooShort().size();
    if (tooShort > 0) {
      values.warn(
          tooShort + " of the secrets are too short to be hidden in logs; choose longer ones");
    }
    path.flatMap(read -> accessProblem(read, file)).ifPresent(values::warn);
    return problems.warnings();
  }

  private List<Path> secretFiles(SettingsFile file) {
    Stream<Path> named =
        Stream.concat(variables.secretFiles().stream(), file.secretFiles().stream());
    return Stream.concat(path.filter(_ -> file.holdsSecret()).stream(), named).distinct().toList();
  }

  private static Optional<String> accessProblem(Path path, SettingsFile file) {
    return file.holdsSecret() ? FilePermissions.problem(path) : FilePermissions.changeable(path);
  }
}
