package dev.slipway.targets.http;

import dev.slipway.check.Check;
import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Secret;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.AttemptSettings;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.targets.TargetType;
import dev.slipway.time.Time;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys by a signed HTTP request. */
public final class HttpType implements TargetType {
  static final Setting<Optional<URI>> URL =
      Setting.optional(
          "DEPLOY_HTTP_URL",
          "http.url",
          SettingType.baseUrl("https://deploy.example.com/slipway"),
          "a receiver of your own, which is sent a signed request");

  static final Setting<Optional<Secret>> SECRET =
      Setting.optional(
          "DEPLOY_HTTP_SECRET",
          "http.secret",
          SettingType.chosenSecret()
              .where(
                  WebhookSigner::isUsable,
                  "begins with whsec_ and goes on with something that is no base64; copy it again"),
          "signs the request; needed with a receiver");

  /** A configured receiver. */
  public record Configured(HttpConfig config) implements ConfiguredTarget {
    @Override
    public Target create(String name, TargetParts parts) {
      return new HttpTarget(name, config, parts.calls(), parts.callbacks(), parts.time());
    }

    @Override
    public List<Check> checks(String subject, ProviderCalls calls, Time time) {
      return List.of(
          new ReceiverCheck(
                  subject,
                  config,
                  calls.messages("The receiver's host", List.of(config.secret().reveal())))
              .check(calls));
    }
  }

  @Override
  public String code() {
    return "http";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(URL, SECRET);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of("url", URL, "secret", SECRET, "timeout", AttemptSettings.DEPLOY);
  }

  @Override
  public Setting<?> required() {
    return URL;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    if (!values.has(URL)) {
      return new ConfiguredTarget.Missing(URL);
    }
    Optional<URI> url = values.get(URL);
    Optional<Secret> secret = values.required(SECRET, values.name(URL) + " needs it");
    return url.isEmpty() || secret.isEmpty()
        ? new ConfiguredTarget.Missing(secret.isEmpty() ? SECRET : URL)
        : new Configured(new HttpConfig(url.get(), secret.get(), limits(values)));
  }

  /** Nothing shows how far a deploy has come, so only the whole of it has a limit. */
  private static AttemptLimits limits(SettingValues values) {
    AttemptLimits polled = AttemptSettings.polled(values);
    return new AttemptLimits(polled.start(), polled.grace(), polled.lookup(), polled.total());
  }
}
