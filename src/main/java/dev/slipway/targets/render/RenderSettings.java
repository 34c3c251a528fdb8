package dev.slipway.targets.render;

import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import java.net.URI;
import java.util.Optional;

/** The settings that Render's deploy hook and API share. */
final class RenderSettings {
  static final Setting<URI> API_URL =
      Setting.of(
          "RENDER_API_URL",
          "render.api-url",
          SettingType.baseUrl("https://api.render.com"),
          URI.create("https://api.render.com"),
          "where Render's API is; the deploy hook has to be below it");

  static final Setting<Optional<Secret>> API_KEY =
      Setting.optional(
          "RENDER_API_KEY",
          "render.api-key",
          SettingType.token(),
          "deploys by the API, and lets a deploy of the hook be followed to its end");

  static final Setting<ClearCache> CLEAR_CACHE =
      Setting.of(
          "RENDER_DEPLOY_CLEAR_CACHE",
          "render.clear-cache",
          SettingType.of(
              ClearCache::parse, ClearCache::code, "must be true, false, clear or do_not_clear"),
          ClearCache.DO_NOT_CLEAR,
          "`clear` throws the build cache away, by the API only");

  static final Setting<Boolean> ROLLBACK =
      Setting.of(
          "RENDER_ROLLBACK",
          "render.rollback",
          SettingType.flag(),
          false,
          "whether a rollback takes a deploy that Render has, instead of building again, by the API"
              + " only");

  static final Setting<Optional<String>> IMAGE_URL =
      Setting.optional(
          "RENDER_IMAGE_URL",
          "render.image-url",
          SettingType.text(),
          "the image to deploy, for services that run one; `{sha}` in it stands for the commit");

  private RenderSettings() {}
}
