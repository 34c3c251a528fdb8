package dev.slipway.configuration;

import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingCatalog;
import dev.slipway.targets.AttemptSettings;
import dev.slipway.targets.LiveCheckSettings;
import dev.slipway.targets.command.AfterCommand;
import java.util.List;
import java.util.stream.Stream;

/** Every setting of Slipway, in the order of the documentation. */
final class AllSettings {
  private static final List<List<Setting<?>>> OF_SLIPWAY =
      List.of(
          WebhookSecretSettings.SETTINGS,
          GithubSettings.ALL,
          ServerConfig.SETTINGS,
          StorageConfig.SETTINGS,
          RunConfig.SETTINGS,
          EgressSettings.ALL,
          AccessConfig.SETTINGS,
          LogLinkConfig.SETTINGS,
          DefaultRouteSettings.ALL,
          AttemptSettings.ALL,
          LiveCheckSettings.ALL,
          ReconcileConfig.SETTINGS,
          NotificationSettings.SETTINGS,
          AfterCommand.SETTINGS);

  static final SettingCatalog CATALOG =
      new SettingCatalog(
          Stream.concat(OF_SLIPWAY.stream(), TargetTypes.ALL.stream().map(type -> type.settings()))
              .flatMap(List::stream)
              .toList());

  private AllSettings() {}
}
