package dev.slipway.configuration;

import dev.slipway.model.ChatOpsTask;
import dev.slipway.secret.Secret;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What protects the API and the figures.
 *
 * @param apiToken null closes the API
 * @param metricsToken null lets everybody read figures and readiness
 * @param renderWebhookSecret null closes the endpoint of Render's webhooks
 * @param chatOps whether deployments with the tasks of {@link ChatOpsTask} tell Slipway what to do
 */
public record AccessConfig(
    @Nullable Secret apiToken,
    @Nullable Secret metricsToken,
    @Nullable Secret renderWebhookSecret,
    boolean chatOps) {
  static final Setting<Optional<Secret>> API_TOKEN =
      Setting.optional(
          "SLIPWAY_API_TOKEN",
          "api-token",
          SettingType.chosenToken(),
          "bearer token of `/api`, which answers 403 without one");

  static final Setting<Optional<Secret>> METRICS_TOKEN =
      Setting.optional(
          "SLIPWAY_METRICS_TOKEN",
          "metrics-token",
          SettingType.chosenSecret(),
          "bearer token of `/prometheus` and of the details of readiness; both are open without"
              + " one");

  static final Setting<Optional<Secret>> RENDER_WEBHOOK_SECRET =
      Setting.optional(
          "RENDER_WEBHOOK_SECRET",
          "render.webhook-secret",
          SettingType.secret()
              .where(
                  WebhookSigner::isUsable,
                  "begins with whsec_ and goes on with something that is no base64; copy it again"),
          "the signing secret of a webhook at Render, which makes Slipway look at once;"
              + " `/webhooks/render` answers 404 without one");

  static final Setting<Boolean> CHATOPS =
      Setting.of(
          "SLIPWAY_CHATOPS",
          "chatops",
          SettingType.flag(),
          true,
          "whether a deployment with task `deploy:lock`, `rollback` and the like tells Slipway what"
              + " to do, instead of being deployed");

  static final List<Setting<?>> SETTINGS =
      List.of(API_TOKEN, METRICS_TOKEN, RENDER_WEBHOOK_SECRET, CHATOPS);

  static AccessConfig read(SettingValues values) {
    return new AccessConfig(
        values.get(API_TOKEN).orElse(null),
        values.get(METRICS_TOKEN).orElse(null),
        values.get(RENDER_WEBHOOK_SECRET).orElse(null),
        values.get(CHATOPS));
  }
}
