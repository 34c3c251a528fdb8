package dev.slipway.configuration;

import dev.slipway.model.FreezeWindow;
import dev.slipway.model.Gates;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.LiveCheckConfig;
import dev.slipway.targets.LiveCheckSettings;
import dev.slipway.targets.command.AfterCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of the route that variables make; routes in the file have some of them too. */
final class DefaultRouteSettings {
  private static final String QUEUE_KEY_OF_EACH_ENVIRONMENT = "environment";

  static final Setting<List<String>> REPOSITORIES =
      Setting.of(
          "SLIPWAY_REPOSITORIES",
          "default-route.repositories",
          SettingType.list(),
          List.of(),
          "repositories that it takes, such as `acme/*`; left out: any");

  static final Setting<List<String>> ENVIRONMENTS =
      Setting.of(
          "SLIPWAY_ENVIRONMENTS",
          "default-route.environments",
          SettingType.list().where(items -> !items.isEmpty(), "names none; set * for all"),
          List.of("production"),
          "environments that it takes; `*` for all");

  static final Setting<List<String>> REFS =
      Setting.of(
          "SLIPWAY_REFS",
          "default-route.refs",
          SettingType.list(),
          List.of(),
          "branches, tags or commits, as they were named; left out: any");

  static final Setting<List<String>> CREATORS =
      Setting.of(
          "SLIPWAY_CREATORS",
          "default-route.creators",
          SettingType.list(),
          List.of(),
          "logins of who made the deployment on GitHub; left out: anybody");

  static final Setting<String> QUEUE_KEY =
      Setting.of(
          "SLIPWAY_QUEUE_KEY",
          "default-route.queue-key",
          SettingType.text(),
          Route.DEFAULT,
          "the name of its queue; `environment` gives each environment one of its own");

  static final Setting<Boolean> ALLOW_WORKFLOWS =
      Setting.of(
          "SLIPWAY_ALLOW_WORKFLOWS",
          "default-route.foreign.workflows",
          SettingType.flag(),
          false,
          "takes deployments made by a workflow job with `environment:`");

  static final Setting<List<String>> ALLOW_APPS =
      Setting.of(
          "SLIPWAY_ALLOW_APPS",
          "default-route.foreign.apps",
          SettingType.list(),
          List.of(),
          "takes deployments made by these GitHub Apps");

  static final Setting<List<String>> ALLOW_BOTS =
      Setting.of(
          "SLIPWAY_ALLOW_BOTS",
          "default-route.foreign.bots",
          SettingType.list(),
          List.of(),
          "takes deployments made by these bots");

  static final Setting<QueuePolicy.Mode> QUEUE =
      Setting.of(
          "SLIPWAY_QUEUE",
          "default-route.queue",
          SettingType.oneOf(List.of(QueuePolicy.Mode.values()), QueuePolicy.Mode::code),
          QueuePolicy.Mode.LATEST,
          "`latest`, `all` or `reject`: what a new deployment does to those that wait");

  static final Setting<Boolean> CANCEL_RUNNING =
      Setting.of(
          "SLIPWAY_CANCEL_RUNNING",
          "default-route.cancel-running",
          SettingType.flag(),
          false,
          "with `latest`: a newer one also stops an older one that runs");

  static final Setting<Boolean> SKIP_OLDER_COMMITS =
      Setting.of(
          "SLIPWAY_SKIP_OLDER_COMMITS",
          "default-route.skip-older-commits",
          SettingType.flag(),
          false,
          "one that is older than what is live does not run, but a rollback");

  static final Setting<ProtectionRules.WhenLocked> LOCKED =
      Setting.of(
          "SLIPWAY_LOCKED",
          "default-route.locked",
          SettingType.oneOf(
              List.of(ProtectionRules.WhenLocked.values()), ProtectionRules.WhenLocked::code),
          ProtectionRules.WhenLocked.WAIT,
          "`wait` or `reject`: what a deployment does that comes while it is locked or frozen");

  static final Setting<List<String>> FREEZE_OVERRIDE =
      Setting.of(
          "SLIPWAY_FREEZE_OVERRIDE",
          "default-route.freeze-override",
          SettingType.list(),
          List.of(),
          "logins of those whose payloads may override freeze windows");

  static final Setting<List<String>> GATE_REFS =
      Setting.of(
          "SLIPWAY_GATE_REFS",
          "default-route.gates.refs",
          SettingType.list(),
          List.of(),
          "refuses other branches, tags or commits, visibly");

  static final Setting<List<String>> GATE_CREATORS =
      Setting.of(
          "SLIPWAY_GATE_CREATORS",
          "default-route.gates.creators",
          SettingType.list(),
          List.of(),
          "refuses deployments of other logins, visibly");

  static final Setting<Optional<String>> GATE_AFTER =
      Setting.optional(
          "SLIPWAY_GATE_AFTER",
          "default-route.gates.after",
          SettingType.text(),
          "the environment of the repository in which the same commit must be live");

  static final List<Setting<?>> ALL =
      List.of(
          REPOSITORIES,
          ENVIRONMENTS,
          REFS,
          CREATORS,
          QUEUE_KEY,
          ALLOW_WORKFLOWS,
          ALLOW_APPS,
          ALLOW_BOTS,
          QUEUE,
          CANCEL_RUNNING,
          SKIP_OLDER_COMMITS,
          LOCKED,
          FREEZE_OVERRIDE,
          GATE_REFS,
          GATE_CREATORS,
          GATE_AFTER);

  private DefaultRouteSettings() {}

  /**
   * The route, with a target of each type, configured or not.
   *
   * @param freeze its freeze windows
   */
  static RouteConfig read(SettingValues values, List<FreezeWindow> freeze, Path data) {
    Optional<LiveCheckConfig> check = LiveCheckSettings.read(values);
    List<RouteConfig.Entry> targets =
        TargetTypes.ALL.stream()
            .map(
                type ->
                    new RouteConfig.Entry(type.code(), type.read(type.code(), values, data), check))
            .toList();
    String queueKey = values.get(QUEUE_KEY);
    Route route =
        new Route(
            Route.DEFAULT,
            new RouteMatch(
                Map.of(
                    RouteMatch.Part.REPOSITORIES,
                    values.get(REPOSITORIES),
                    RouteMatch.Part.ENVIRONMENTS,
                    values.get(ENVIRONMENTS),
                    RouteMatch.Part.REFS,
                    values.get(REFS),
                    RouteMatch.Part.CREATORS,
                    values.get(CREATORS))),
            origins(values),
            targets.stream()
                .filter(RouteConfig.Entry::isConfigured)
                .map(RouteConfig.Entry::name)
                .toList(),
            Optional.of(queueKey)
                .filter(key -> !key.equals(QUEUE_KEY_OF_EACH_ENVIRONMENT))
                .orElse(null),
            queuePolicy(values),
            protection(values, freeze));
    return new RouteConfig(route, targets, List.of(), AfterCommand.read(values, data));
  }

  static OriginPolicy origins(SettingValues values) {
    return new OriginPolicy(
        values.get(ALLOW_WORKFLOWS),
        Set.copyOf(values.get(ALLOW_APPS)),
        Set.copyOf(values.get(ALLOW_BOTS)));
  }

  static ProtectionRules protection(SettingValues values, List<FreezeWindow> freeze) {
    return new ProtectionRules(
        values.get(LOCKED),
        freeze,
        Set.copyOf(values.get(FREEZE_OVERRIDE)),
        new Gates(
            values.get(GATE_REFS), values.get(GATE_CREATORS), values.get(GATE_AFTER).orElse(null)));
  }

  static QueuePolicy queuePolicy(SettingValues values) {
    QueuePolicy.Mode mode = values.get(QUEUE);
    boolean cancels = values.get(CANCEL_RUNNING);
    if (cancels && mode != QueuePolicy.Mode.LATEST) {
      values.problem(
          CANCEL_RUNNING,
          "is true, but only with the queue \"%s\" does a newer deployment stop an older one; this queue is \"%s\""
              .formatted(QueuePolicy.Mode.LATEST.code(), mode.code()));
    }
    return new QueuePolicy(mode, cancels, values.get(SKIP_OLDER_COMMITS));
  }
}
