package dev.slipway.configuration;

import dev.slipway.github.GithubConfig;
import dev.slipway.github.GithubSettingNames;
import dev.slipway.http.EgressConfig;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingsFile;
import dev.slipway.webhook.NamedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the GitHub hosts: the one of the variables, which is the first, and those of the list in
 * the file.
 */
final class GithubHostSettings {
  /** In the file: the hosts besides the first. */
  static final String KEY = "github-hosts";

  private static final String SECRETS = "webhook-secrets";

  private static final Map<String, Setting<?>> BY_KEY =
      Stream.of(WebhookSecretSettings.SETTINGS, GithubSettings.ALL, EgressSettings.ALL)
          .flatMap(List::stream)
          .collect(
              Collectors.toUnmodifiableMap(GithubHostSettings::keyInEntry, setting -> setting));

  private static final List<String> KEYS =
      Stream.concat(Stream.of(SECRETS), StructureReader.keys(BY_KEY)).sorted().toList();

  private final StructureReader file;
  private final SettingValues values;
  private final EgressConfig outgoing;
  private final List<Placed> hosts = new ArrayList<>();

  /** A host and where it stands. */
  private record Placed(String at, GithubHostConfig config) {}

  private GithubHostSettings(SettingValues values, SettingsFile file, EgressConfig outgoing) {
    this.values = values;
    this.file = new StructureReader(file, values);
    this.outgoing = outgoing;
  }

  /** The key of a setting in an entry of the list: that which it has in its group. */
  private static String keyInEntry(Setting<?> setting) {
    return setting.key().substring(setting.key().indexOf('.') + 1);
  }

  /**
   * Reads all hosts, the first one first.
   *
   * @param outgoing how calls leave this machine where a host has no way of its own
   */
  static List<GithubHostConfig> read(
      SettingValues values, SettingsFile file, EgressConfig outgoing) {
    return new GithubHostSettings(values, file, outgoing).read();
  }

  private List<GithubHostConfig> read() {
    GithubConfig first = new GithubSettings(values, GithubSettingNames.VARIABLES).config();
    hosts.add(
        new Placed(
            "github",
            new GithubHostConfig(
                first,
                WebhookSecretSettings.read(values, file, first.host()),
                GithubSettings.postLimits(values),
                outgoing)));
    file.entries(KEY, "a list of GitHub hosts")
        .forEach((at, written) -> file.group(at, written, KEYS).ifPresent(map -> add(at, map)));
    return hosts.stream().map(Placed::config).toList();
  }

  private void add(String at, Map<?, ?> map) {
    SettingValues own = values.only(file.given(at, map, BY_KEY));
    // A wrong value is a problem and a secret is hidden even where nothing uses it
    BY_KEY.values().forEach(own::get);
    GithubConfig github = new GithubSettings(own, new GithubSettingNames(at)).config();
    List<NamedSecret> secrets =
        WebhookSecretSettings.ofEntry(
            own, file, at + "." + SECRETS, Optional.ofNullable(map.get(SECRETS)), github.host());
    if (!own.has(GithubSettings.API_URL)) {
      file.problem(
          at,
          "needs api-url: https://HOST/api/v3, https://api.TENANT.ghe.com, or that of github.com");
      return;
    }
    if (secrets.isEmpty() && !own.has(WebhookSecretSettings.CURRENT)) {
      file.problem(at, "needs webhook-secret: without one nothing that the host sends is taken");
    }
    GithubHostConfig config =
        new GithubHostConfig(
            github, secrets, GithubSettings.postLimits(own), EgressSettings.config(own, outgoing));
    if (!isAddress(at, map)) {
      return;
    }
    hosts.forEach(other -> compare(at, config, other));
    hosts.add(new Placed(at, config));
  }

  /** Otherwise the host is that of the default, which nobody has written there. */
  private boolean isAddress(String at, Map<?, ?> map) {
    return file.read(GithubSettings.API_URL.type(), at + ".api-url", map.get("api-url"))
        .isPresent();
  }

  /** A host is what deployments are identified by, and a secret says which host speaks. */
  private void compare(String at, GithubHostConfig config, Placed other) {
    if (config.host().equals(other.config().host())) {
      file.problem(at + ".api-url", "leads to %s, as %s does".formatted(config.host(), other.at()));
    }
    for (NamedSecret secret : config.webhookSecrets()) {
      other.config().webhookSecrets().stream()
          .filter(taken -> taken.secret().equals(secret.secret()))
          .findFirst()
          .ifPresent(
              taken ->
                  file.problem(
                      at,
                      "has the webhook secret of %s (\"%s\") too: a secret says which host speaks, so give each host its own"
                          .formatted(other.at(), taken.name())));
    }
  }
}
