package dev.slipway.settings;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every setting: its environment variable, its place in the settings file, and what it is without
 * being set. The documentation is held against this list by a test.
 */
public enum SettingKey {
  GITHUB_WEBHOOK_SECRET("github.webhook-secret", "none: Slipway does not start", true),
  GITHUB_WEBHOOK_SECRET_PREVIOUS("github.webhook-secret-previous", "none", true),
  GITHUB_TOKEN("github.token", "none: statuses wait", true),
  GITHUB_API_URL("github.api-url", "https://api.github.com"),
  GITHUB_API_VERSION("github.api-version", "2022-11-28"),
  GITHUB_CONTENT_PER_MINUTE("github.content-per-minute", "80"),
  GITHUB_CONTENT_PER_HOUR("github.content-per-hour", "500"),
  PORT("port", "8080"),
  SLIPWAY_BIND("bind", "0.0.0.0"),
  SLIPWAY_PUBLIC_URL("public-url", "http://localhost:PORT, with a warning"),
  SLIPWAY_DATA("data", "data"),
  SLIPWAY_STOP_GRACE("stop-grace", "5s"),
  SLIPWAY_COMMANDS_AT_ONCE("commands-at-once", "four for each core"),
  SLIPWAY_CA_FILE("outgoing.ca-file", "what the JVM trusts"),
  HTTPS_PROXY("outgoing.https-proxy", "none"),
  NO_PROXY("outgoing.no-proxy", "none"),
  SLIPWAY_DATABASE_URL("database.url", "jdbc:sqlite:DATA/slipway.db"),
  SLIPWAY_DATABASE_USER("database.user", "none"),
  SLIPWAY_DATABASE_PASSWORD("database.password", "none", true),
  SLIPWAY_API_TOKEN("api-token", "none: the API is closed", true),
  SLIPWAY_METRICS_TOKEN("metrics-token", "none: /prometheus is open", true),
  SLIPWAY_LOG_LINKS("log-link.enabled", "on"),
  SLIPWAY_LOG_LINK_SECRET("log-link.secret", "made once, kept in the database", true),
  SLIPWAY_LOG_LINK_SECRET_PREVIOUS("log-link.secret-previous", "none", true),
  SLIPWAY_LOG_LINK_TTL("log-link.ttl", "90d"),
  SLIPWAY_KEEP_LOGS("keep.logs", "90d"),
  SLIPWAY_KEEP_DEPLOYMENTS("keep.deployments", "365d"),
  SLIPWAY_KEEP_DELIVERIES("keep.deliveries", "30d"),
  SLIPWAY_REPOSITORIES("default-route.repositories", "any"),
  SLIPWAY_ENVIRONMENTS("default-route.environments", "production"),
  SLIPWAY_REFS("default-route.refs", "any"),
  SLIPWAY_CREATORS("default-route.creators", "any"),
  SLIPWAY_LOCK("default-route.lock", "default"),
  SLIPWAY_ALLOW_WORKFLOWS("default-route.foreign.workflows", "false"),
  SLIPWAY_ALLOW_APPS("default-route.foreign.apps", "none"),
  SLIPWAY_ALLOW_BOTS("default-route.foreign.bots", "none"),
  SLIPWAY_LINE("default-route.line", "latest"),
  SLIPWAY_CANCEL_RUNNING("default-route.cancel-running", "false"),
  SLIPWAY_SKIP_OLDER_COMMITS("default-route.skip-older-commits", "false"),
  SLIPWAY_START_LIMIT("limits.start", "5m"),
  SLIPWAY_UNKNOWN_GRACE("limits.unknown-grace", "2m"),
  SLIPWAY_UNKNOWN_LIMIT("limits.unknown", "15m"),
  SLIPWAY_DEPLOY_TIMEOUT("limits.deploy", "60m"),
  SLIPWAY_NO_PROGRESS_TIMEOUT("limits.no-progress", "30m"),
  SLIPWAY_RECONCILE_EVERY("reconcile.every", "5m"),
  SLIPWAY_RECONCILE_MAX_AGE("reconcile.max-age", "24h"),
  SLIPWAY_RECONCILE_GRACE("reconcile.grace", "2m"),
  RENDER_API_URL("render.api-url", "https://api.render.com"),
  RENDER_API_KEY("render.api-key", "none", true),
  RENDER_DEPLOY_HOOK_URL("render.deploy-hook-url", "none", true),
  RENDER_SERVICE_ID("render.service-id", "none"),
  RENDER_DEPLOY_CLEAR_CACHE("render.clear-cache", "do_not_clear"),
  RENDER_IMAGE_URL("render.image-url", "none"),
  QOVERY_API_URL("qovery.api-url", "https://api.qovery.com"),
  QOVERY_API_TOKEN("qovery.api-token", "none", true),
  QOVERY_AUTH_SCHEME("qovery.auth-scheme", "token"),
  QOVERY_APPLICATION_ID("qovery.application-id", "none"),
  QOVERY_JOB_ID("qovery.job-id", "none"),
  QOVERY_JOB_FORCE_EVENT("qovery.job-force-event", "none"),
  QOVERY_JOB_IMAGE_TAG("qovery.job-image-tag", "none"),
  DEPLOY_SSH_HOST("ssh.host", "none"),
  DEPLOY_SSH_PORT("ssh.port", "22"),
  DEPLOY_SSH_USER("ssh.user", "none"),
  DEPLOY_SSH_KEY_FILE("ssh.key-file", "none"),
  DEPLOY_SSH_KNOWN_HOSTS_FILE("ssh.known-hosts-file", "none"),
  DEPLOY_SSH_COMMAND("ssh.command", "none"),
  DEPLOY_SSH_TIMEOUT("ssh.timeout", "30m"),
  DEPLOY_SSH_IDLE_TIMEOUT("ssh.idle-timeout", "10m"),
  DEPLOY_CMD("shell.command", "none"),
  DEPLOY_CMD_DIR("shell.directory", "the working directory"),
  DEPLOY_CMD_USER("shell.user", "who Slipway runs as"),
  DEPLOY_CMD_ENV("shell.environment", "none"),
  DEPLOY_CMD_TIMEOUT("shell.timeout", "30m"),
  DEPLOY_CMD_IDLE_TIMEOUT("shell.idle-timeout", "10m");

  private final String path;
  private final String without;
  private final boolean secret;

  SettingKey(String path, String without) {
    this(path, without, false);
  }

  SettingKey(String path, String without, boolean secret) {
    this.path = path;
    this.without = without;
    this.secret = secret;
  }

  /** Where it stands in the file, with dots between the levels. */
  public String path() {
    return path;
  }

  /** What it is without being set, in words. */
  public String without() {
    return without;
  }

  /** A secret can also come from the file named by its variable's name with {@code _FILE}. */
  public boolean isSecret() {
    return secret;
  }

  /** A token is sent in a header of a request. */
  boolean isToken() {
    return switch (this) {
      case GITHUB_TOKEN, RENDER_API_KEY, QOVERY_API_TOKEN, SLIPWAY_API_TOKEN -> true;
      default -> false;
    };
  }

  static Optional<SettingKey> atPath(String path) {
    return Arrays.stream(values()).filter(key -> key.path.equals(path)).findFirst();
  }
}
