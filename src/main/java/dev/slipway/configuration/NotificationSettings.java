package dev.slipway.configuration;

import dev.slipway.model.GithubState;
import dev.slipway.model.WebhookSubscription;
import dev.slipway.notification.NotificationFormat;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingsFile;
import dev.slipway.targets.command.AfterCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the outgoing webhooks: one of the variables, called "default", and those of the list in the
 * file.
 */
final class NotificationSettings {
  /** In the file: the settings of the one webhook, or a list of several. */
  static final String KEY = "notify";

  private static final String DEFAULT = "default";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  static final Setting<Optional<Secret>> URL =
      Setting.optional(
          "SLIPWAY_NOTIFY_URL",
          "notify.url",
          SettingType.secret()
              .where(
                  OutgoingWebhook::isUsable,
                  "must be an https address (http only to this machine), without user and"
                      + " fragment"),
          "an outgoing webhook, which is told of every change of a deployment; kept as a secret");

  static final Setting<Optional<Secret>> SECRET =
      Setting.optional(
          "SLIPWAY_NOTIFY_SECRET",
          "notify.secret",
          SettingType.chosenSecret()
              .where(
                  WebhookSigner::isUsable,
                  "begins with whsec_ and goes on with something that is no base64; copy it again"),
          "signs what is sent there; needed with the format `standard`");

  static final Setting<NotificationFormat> FORMAT =
      Setting.of(
          "SLIPWAY_NOTIFY_FORMAT",
          "notify.format",
          SettingType.oneOf(List.of(NotificationFormat.values()), NotificationFormat::code),
          NotificationFormat.STANDARD,
          "`standard`, or `slack` for an incoming webhook of Slack");

  static final Setting<List<String>> EVENTS =
      Setting.of(
          "SLIPWAY_NOTIFY_EVENTS",
          "notify.events",
          SettingType.list(),
          List.of("*"),
          "the states that it is told of: " + states() + "; `*` stands for any text");

  static final Setting<List<String>> ENVIRONMENTS =
      Setting.of(
          "SLIPWAY_NOTIFY_ENVIRONMENTS",
          "notify.environments",
          SettingType.list(),
          List.of(),
          "environments that it is told of, such as `review-*`; left out: any");

  static final Setting<List<String>> REPOSITORIES =
      Setting.of(
          "SLIPWAY_NOTIFY_REPOSITORIES",
          "notify.repositories",
          SettingType.list(),
          List.of(),
          "repositories that it is told of, such as `acme/*`; left out: any");

  static final Setting<Boolean> LOG_URL =
      Setting.of(
          "SLIPWAY_NOTIFY_LOG_URL",
          "notify.log-url",
          SettingType.onOff(),
          true,
          "tells it the signed address of the log page, as GitHub is told");

  static final List<Setting<?>> SETTINGS =
      List.of(URL, SECRET, FORMAT, EVENTS, ENVIRONMENTS, REPOSITORIES, LOG_URL);

  private static final Map<String, Setting<?>> BY_KEY =
      SETTINGS.stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  setting -> setting.key().substring(KEY.length() + 1), setting -> setting));

  private static final List<String> KEYS =
      Stream.concat(Stream.of("name"), StructureReader.keys(BY_KEY)).toList();

  private final StructureReader file;
  private final SettingValues values;
  private final Set<String> names = new HashSet<>();

  private NotificationSettings(SettingValues values, SettingsFile file) {
    this.values = values;
    this.file = new StructureReader(file, values);
  }

  static List<OutgoingWebhook> read(SettingValues values, SettingsFile file) {
    return new NotificationSettings(values, file).read();
  }

  private List<OutgoingWebhook> read() {
    List<OutgoingWebhook> webhooks = new ArrayList<>();
    if (values.has(URL)) {
      names.add(DEFAULT);
      webhook(DEFAULT, values).ifPresent(webhooks::add);
    } else {
      SETTINGS.stream()
          .filter(values::has)
          .findFirst()
          .ifPresent(
              setting ->
                  values.problem(setting, "is set, but " + URL.variable() + " is not: set both"));
    }
    file.entries(KEY, "a list of webhooks, or the settings of one")
        .forEach(
            (at, written) ->
                file.group(at, written, KEYS)
                    .flatMap(map -> entry(at, map))
                    .ifPresent(webhooks::add));
    return webhooks;
  }

  private Optional<OutgoingWebhook> entry(String at, Map<?, ?> map) {
    String name = file.text(at + ".name", map.get("name")).orElse("");
    if (!NAME.matcher(name).matches()) {
      file.problem(at + ".name", "must be there, in lower case letters, digits and -");
    } else if (AfterCommand.entrySettings().containsKey(name)) {
      file.problem(at + ".name", "\"" + name + "\" is the name of a command: choose another one");
    } else if (!names.add(name)) {
      file.problem(at + ".name", "\"" + name + "\" is the name of another webhook too");
    }
    SettingValues own = values.only(file.given(at, map, BY_KEY));
    if (!own.has(URL)) {
      file.problem(at, "needs url");
      return Optional.empty();
    }
    return webhook(name, own);
  }

  private Optional<OutgoingWebhook> webhook(String name, SettingValues own) {
    Optional<Secret> url = own.get(URL);
    Optional<Secret> secret = own.get(SECRET);
    NotificationFormat format = own.get(FORMAT);
    if (format == NotificationFormat.STANDARD && !own.has(SECRET)) {
      own.problem(
          URL,
          "needs a secret, which signs what is sent there: set %s to the output of openssl rand -hex 32"
              .formatted(own.name(URL).equals(URL.variable()) ? SECRET.variable() : "secret"));
    }
    WebhookSubscription subscription =
        new WebhookSubscription(name, states(own), own.get(ENVIRONMENTS), own.get(REPOSITORIES));
    boolean hasLogUrl = own.get(LOG_URL);
    url.ifPresent(
        usable ->
            OutgoingWebhook.secretParts(usable)
                .forEach(
                    part -> {
                      Secret _ = own.hide(part);
                    }));
    return url.map(
        usable ->
            new OutgoingWebhook(usable, secret.orElse(null), format, hasLogUrl, subscription));
  }

  private static Set<GithubState> states(SettingValues own) {
    Set<GithubState> wanted = EnumSet.noneOf(GithubState.class);
    for (String pattern : own.get(EVENTS)) {
      Set<GithubState> matched = WebhookSubscription.statesOf(pattern);
      if (matched.isEmpty()) {
        own.problem(
            EVENTS,
            SafeExcerpt.ofName(pattern) + " is none of " + states() + ", and no pattern of one");
      }
      wanted.addAll(matched);
    }
    if (own.get(EVENTS).isEmpty()) {
      own.problem(EVENTS, "names none; leave it out for all");
    }
    return wanted;
  }

  private static String states() {
    return Arrays.stream(GithubState.values())
        .map(GithubState::code)
        .collect(Collectors.joining(", "));
  }
}
