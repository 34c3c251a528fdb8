package dev.slipway.configuration;

import dev.slipway.settings.SettingKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The ways to deploy, in the order of the default chain, with the keys each has in the file. */
enum TargetType {
  RENDER_HOOK,
  RENDER_API,
  QOVERY_APPLICATION,
  QOVERY_JOB,
  SSH,
  SHELL;

  /** Its name in a chain: {@code render-hook} … */
  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The settings that a target of this type has in the file, by their names there. */
  Map<String, SettingKey> keys() {
    return switch (this) {
      case RENDER_HOOK ->
          Map.of(
              "url", SettingKey.RENDER_DEPLOY_HOOK_URL,
              "api-key", SettingKey.RENDER_API_KEY,
              "image-url", SettingKey.RENDER_IMAGE_URL,
              "timeout", SettingKey.SLIPWAY_DEPLOY_TIMEOUT,
              "no-progress", SettingKey.SLIPWAY_NO_PROGRESS_TIMEOUT);
      case RENDER_API ->
          Map.of(
              "service-id", SettingKey.RENDER_SERVICE_ID,
              "api-key", SettingKey.RENDER_API_KEY,
              "clear-cache", SettingKey.RENDER_DEPLOY_CLEAR_CACHE,
              "image-url", SettingKey.RENDER_IMAGE_URL,
              "timeout", SettingKey.SLIPWAY_DEPLOY_TIMEOUT,
              "no-progress", SettingKey.SLIPWAY_NO_PROGRESS_TIMEOUT);
      case QOVERY_APPLICATION ->
          Map.of(
              "application-id", SettingKey.QOVERY_APPLICATION_ID,
              "api-token", SettingKey.QOVERY_API_TOKEN,
              "auth-scheme", SettingKey.QOVERY_AUTH_SCHEME,
              "timeout", SettingKey.SLIPWAY_DEPLOY_TIMEOUT,
              "no-progress", SettingKey.SLIPWAY_NO_PROGRESS_TIMEOUT);
      case QOVERY_JOB ->
          Map.of(
              "job-id", SettingKey.QOVERY_JOB_ID,
              "force-event", SettingKey.QOVERY_JOB_FORCE_EVENT,
              "image-tag", SettingKey.QOVERY_JOB_IMAGE_TAG,
              "api-token", SettingKey.QOVERY_API_TOKEN,
              "auth-scheme", SettingKey.QOVERY_AUTH_SCHEME,
              "timeout", SettingKey.SLIPWAY_DEPLOY_TIMEOUT,
              "no-progress", SettingKey.SLIPWAY_NO_PROGRESS_TIMEOUT);
      case SSH ->
          Map.of(
              "host", SettingKey.DEPLOY_SSH_HOST,
              "port", SettingKey.DEPLOY_SSH_PORT,
              "user", SettingKey.DEPLOY_SSH_USER,
              "key-file", SettingKey.DEPLOY_SSH_KEY_FILE,
              "known-hosts-file", SettingKey.DEPLOY_SSH_KNOWN_HOSTS_FILE,
              "command", SettingKey.DEPLOY_SSH_COMMAND,
              "timeout", SettingKey.DEPLOY_SSH_TIMEOUT,
              "idle-timeout", SettingKey.DEPLOY_SSH_IDLE_TIMEOUT);
      case SHELL ->
          Map.of(
              "command", SettingKey.DEPLOY_CMD,
              "directory", SettingKey.DEPLOY_CMD_DIR,
              "user", SettingKey.DEPLOY_CMD_USER,
              "environment", SettingKey.DEPLOY_CMD_ENV,
              "timeout", SettingKey.DEPLOY_CMD_TIMEOUT,
              "idle-timeout", SettingKey.DEPLOY_CMD_IDLE_TIMEOUT);
    };
  }

  /** The setting without which there is no target of this type. */
  SettingKey chief() {
    return switch (this) {
      case RENDER_HOOK -> SettingKey.RENDER_DEPLOY_HOOK_URL;
      case RENDER_API -> SettingKey.RENDER_SERVICE_ID;
      case QOVERY_APPLICATION -> SettingKey.QOVERY_APPLICATION_ID;
      case QOVERY_JOB -> SettingKey.QOVERY_JOB_ID;
      case SSH -> SettingKey.DEPLOY_SSH_HOST;
      case SHELL -> SettingKey.DEPLOY_CMD;
    };
  }

  static Optional<TargetType> named(String word) {
    return Arrays.stream(values()).filter(type -> type.code().equals(word)).findFirst();
  }
}
