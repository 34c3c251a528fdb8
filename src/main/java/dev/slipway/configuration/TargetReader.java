package dev.slipway.configuration;

import static dev.slipway.settings.SettingKey.*;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import dev.slipway.settings.FilePermissions;
import dev.slipway.settings.SettingKey;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.targets.command.Ssh;
import dev.slipway.targets.command.SshConfig;
import dev.slipway.targets.qovery.QoveryAccount;
import dev.slipway.targets.qovery.QoveryConfig;
import dev.slipway.targets.render.ClearCache;
import dev.slipway.targets.render.RenderApiConfig;
import dev.slipway.targets.render.RenderHookConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one target of a chain. */
final class TargetReader {
  private static final String RENDER = "https://api.render.com";
  private static final String QOVERY = "https://api.qovery.com";
  private static final List<SettingKey> TIMES =
      List.of(
          SLIPWAY_START_LIMIT,
          SLIPWAY_UNKNOWN_GRACE,
          SLIPWAY_UNKNOWN_LIMIT,
          SLIPWAY_DEPLOY_TIMEOUT,
          SLIPWAY_NO_PROGRESS_TIMEOUT,
          DEPLOY_SSH_TIMEOUT,
          DEPLOY_SSH_IDLE_TIMEOUT,
          DEPLOY_CMD_TIMEOUT,
          DEPLOY_CMD_IDLE_TIMEOUT);

  /** Behind a variable's name: its value is no secret, and logs may show it. */
  private static final String SHOWN = ":shown";

  private final SettingValues values;
  private final Map<String, String> environment;
  private final Path folder;
  private final Path data;

  /**
   * @param environment where the variables come from that a command is given
   * @param folder what relative paths are relative to
   * @param data where runs keep their files
   */
  TargetReader(SettingValues values, Map<String, String> environment, Path folder, Path data) {
    this.values = values;
    this.environment = environment;
    this.folder = folder;
    this.data = data;
  }

  /** The target of this type, or what stands in for it where it is not configured. */
  TargetSettings read(TargetType type, String name) {
    return switch (type) {
      case RENDER_HOOK -> renderHook(name);
      case RENDER_API -> renderApi(name);
      case QOVERY_APPLICATION -> qoveryApplication(name);
      case QOVERY_JOB -> qoveryJob(name);
      case SSH -> ssh(name);
      case SHELL -> shell(name);
    };
  }

  /** Finds what is wrong with values that no target uses as yet. */
  void check() {
    TIMES.forEach(key -> values.duration(key, Duration.ofMinutes(1)));
    int _ = values.port(DEPLOY_SSH_PORT, 22, 1);
    URI api = values.base(RENDER_API_URL, RENDER);
    URI _ = values.base(QOVERY_API_URL, QOVERY);
    values
        .text(RENDER_DEPLOY_HOOK_URL)
        .ifPresent(
            url ->
                values.checked(
                    RENDER_DEPLOY_HOOK_URL, url, RenderHookConfig.problemWith(url, api)));
    values
        .text(RENDER_SERVICE_ID)
        .ifPresent(id -> values.checked(RENDER_SERVICE_ID, id, RenderApiConfig.problemWith(id)));
    ClearCache _ = clearCache();
    String _ = scheme();
    values.text(QOVERY_APPLICATION_ID).ifPresent(id -> id(QOVERY_APPLICATION_ID, id));
    values.text(QOVERY_JOB_ID).ifPresent(id -> id(QOVERY_JOB_ID, id));
    Optional<String> _ = forceEvent();
    Map<String, Secret> _ = commandEnvironment();
  }

  private TargetSettings renderHook(String name) {
    Optional<Secret> url = values.secret(RENDER_DEPLOY_HOOK_URL);
    if (url.isEmpty()) {
      return absent(name, RENDER_DEPLOY_HOOK_URL);
    }
    URI api = values.base(RENDER_API_URL, RENDER);
    boolean clears =
        values.text(RENDER_DEPLOY_CLEAR_CACHE).flatMap(ClearCache::parse).orElse(null)
            == ClearCache.CLEAR;
    if (clears && !values.has(RENDER_SERVICE_ID)) {
      values.warn(
          values.name(RENDER_DEPLOY_CLEAR_CACHE)
              + " has no effect: the deploy hook cannot clear the cache. Set RENDER_SERVICE_ID and"
              + " RENDER_API_KEY instead of the hook");
    }
    Secret checked =
        values.checked(
            RENDER_DEPLOY_HOOK_URL,
            url.get(),
            RenderHookConfig.problemWith(url.get().reveal(), api));
    return new TargetSettings.RenderHook(
        name,
        new RenderHookConfig(
            checked,
            api,
            values.secret(RENDER_API_KEY).orElse(null),
            values.text(RENDER_IMAGE_URL).orElse(null),
            followed()));
  }

  private TargetSettings renderApi(String name) {
    Optional<Secret> key = values.secret(RENDER_API_KEY);
    Optional<String> service = values.text(RENDER_SERVICE_ID);
    if (key.isEmpty() || service.isEmpty()) {
      return absent(name, key.isEmpty() ? RENDER_API_KEY : RENDER_SERVICE_ID);
    }
    return new TargetSettings.RenderApi(
        name,
        new RenderApiConfig(
            values.base(RENDER_API_URL, RENDER),
            key.get(),
            values.checked(
                RENDER_SERVICE_ID, service.get(), RenderApiConfig.problemWith(service.get())),
            clearCache(),
            values.text(RENDER_IMAGE_URL).orElse(null),
            followed()));
  }

  private ClearCache clearCache() {
    Optional<String> word = values.text(RENDER_DEPLOY_CLEAR_CACHE);
    Optional<ClearCache> read = word.flatMap(ClearCache::parse);
    if (word.isPresent() && read.isEmpty()) {
      values
          .problems()
          .add(
              values.name(RENDER_DEPLOY_CLEAR_CACHE),
              SafeExcerpt.of(word.get()) + " must be true, false, clear or do_not_clear");
    }
    return read.orElse(ClearCache.DO_NOT_CLEAR);
  }

  private @Nullable QoveryAccount qovery(SettingKey because) {
    String token = values.required(QOVERY_API_TOKEN, values.name(because) + " needs it");
    return token.isEmpty()
        ? null
        : new QoveryAccount(values.base(QOVERY_API_URL, QOVERY), values.noted(token), scheme());
  }

  private String scheme() {
    String scheme = values.text(QOVERY_AUTH_SCHEME).orElse("token");
    return values.checked(QOVERY_AUTH_SCHEME, scheme, QoveryAccount.problemWithScheme(scheme));
  }

  private Optional<String> forceEvent() {
    Optional<String> event = values.text(QOVERY_JOB_FORCE_EVENT);
    event.ifPresent(
        word ->
            values.checked(QOVERY_JOB_FORCE_EVENT, word, QoveryConfig.problemWithForceEvent(word)));
    return event;
  }

  private String id(SettingKey key, String id) {
    return values.checked(key, id, QoveryAccount.problemWithId(id));
  }

  private TargetSettings qoveryApplication(String name) {
    Optional<String> id = values.text(QOVERY_APPLICATION_ID);
    QoveryAccount account = id.isEmpty() ? null : qovery(QOVERY_APPLICATION_ID);
    return id.isEmpty() || account == null
        ? absent(name, QOVERY_APPLICATION_ID)
        : new TargetSettings.Qovery(
            name,
            QoveryConfig.application(account, id(QOVERY_APPLICATION_ID, id.get()), followed()));
  }

  private TargetSettings qoveryJob(String name) {
    Optional<String> id = values.text(QOVERY_JOB_ID);
    QoveryAccount account = id.isEmpty() ? null : qovery(QOVERY_JOB_ID);
    if (id.isEmpty() || account == null) {
      return absent(name, QOVERY_JOB_ID);
    }
    return new TargetSettings.Qovery(
        name,
        QoveryConfig.job(
            account,
            id(QOVERY_JOB_ID, id.get()),
            forceEvent().orElse(null),
            values.text(QOVERY_JOB_IMAGE_TAG).orElse(null),
            followed()));
  }

  private TargetSettings ssh(String name) {
    Optional<String> host = values.text(DEPLOY_SSH_HOST);
    if (host.isEmpty()) {
      return absent(name, DEPLOY_SSH_HOST);
    }
    String because = values.name(DEPLOY_SSH_HOST) + " needs it";
    Duration timeout = values.duration(DEPLOY_SSH_TIMEOUT, Duration.ofMinutes(30));
    String user = values.required(DEPLOY_SSH_USER, because);
    String key = values.required(DEPLOY_SSH_KEY_FILE, because);
    String knownHosts = values.required(DEPLOY_SSH_KNOWN_HOSTS_FILE, because);
    String command = values.required(DEPLOY_SSH_COMMAND, because);
    SshConfig config =
        new SshConfig(
            host.get(),
            values.port(DEPLOY_SSH_PORT, 22, 1),
            user,
            folder.resolve(key),
            folder.resolve(knownHosts),
            command,
            timeout,
            values.duration(DEPLOY_SSH_IDLE_TIMEOUT, Duration.ofMinutes(10)),
            ofCommand(timeout));
    if (key.contains("PRIVATE KEY")) {
      values
          .problems()
          .add(
              values.name(DEPLOY_SSH_KEY_FILE),
              "holds a key itself: write the key to a file and set the file's name");
    } else if (!user.isEmpty() && !key.isEmpty() && !knownHosts.isEmpty() && !command.isEmpty()) {
      FilePermissions.problem(config.keyFile())
          .ifPresent(problem -> values.warn(values.name(DEPLOY_SSH_KEY_FILE) + ": " + problem));
      Ssh.problems(config).forEach(problem -> values.problems().add(name, problem));
    }
    return new TargetSettings.Ssh(name, config);
  }

  private TargetSettings shell(String name) {
    Optional<String> command = values.text(DEPLOY_CMD);
    if (command.isEmpty()) {
      return absent(name, DEPLOY_CMD);
    }
    Duration timeout = values.duration(DEPLOY_CMD_TIMEOUT, Duration.ofMinutes(30));
    ShellConfig config =
        new ShellConfig(
            command.get(),
            folder.resolve(values.text(DEPLOY_CMD_DIR).orElse("")),
            data.resolve("runs"),
            values.text(DEPLOY_CMD_USER).orElse(null),
            commandEnvironment(),
            timeout,
            values.duration(DEPLOY_CMD_IDLE_TIMEOUT, Duration.ofMinutes(10)),
            ofCommand(timeout));
    dev.slipway.targets.command.Shell.problems(config)
        .forEach(problem -> values.problems().add(name, problem));
    values.checked(
        DEPLOY_CMD_USER, config, dev.slipway.targets.command.Shell.problemWithUser(config));
    return new TargetSettings.Shell(name, config);
  }

  private Map<String, Secret> commandEnvironment() {
    Map<String, Secret> wanted = new TreeMap<>();
    for (String item : values.list(DEPLOY_CMD_ENV)) {
      boolean shown = item.endsWith(SHOWN);
      String variable = shown ? item.substring(0, item.length() - SHOWN.length()) : item;
      String value = environment.get(variable);
      if (value == null || value.isEmpty()) {
        values
            .problems()
            .add(
                values.name(DEPLOY_CMD_ENV),
                "names " + SafeExcerpt.ofName(variable) + ", which is not set");
      } else {
        wanted.put(
            variable,
            shown
                ? new Secret(value)
                : values.handed(values.name(DEPLOY_CMD_ENV), variable, value));
      }
    }
    return wanted;
  }

  /** Of deploys that run elsewhere; commands watch their output instead. */
  private AttemptLimits followed() {
    AttemptLimits limits = limits(values.duration(SLIPWAY_DEPLOY_TIMEOUT, Duration.ofMinutes(60)));
    return new AttemptLimits(
        limits.start(),
        limits.grace(),
        limits.resolve(),
        limits.total(),
        values.duration(SLIPWAY_NO_PROGRESS_TIMEOUT, Duration.ofMinutes(30)));
  }

  /** To look for a command takes its place, so that one which is not there never comes. */
  private AttemptLimits ofCommand(Duration timeout) {
    AttemptLimits limits = limits(timeout.plusMinutes(1));
    return new AttemptLimits(limits.start(), Duration.ZERO, limits.resolve(), limits.total());
  }

  private AttemptLimits limits(Duration total) {
    Duration grace = values.duration(SLIPWAY_UNKNOWN_GRACE, Duration.ofMinutes(2));
    Duration resolve = values.duration(SLIPWAY_UNKNOWN_LIMIT, Duration.ofMinutes(15));
    if (grace.compareTo(resolve) > 0) {
      values
          .problems()
          .add(
              values.name(SLIPWAY_UNKNOWN_GRACE),
              "must not be longer than " + values.name(SLIPWAY_UNKNOWN_LIMIT));
      grace = resolve;
    }
    return new AttemptLimits(
        values.duration(SLIPWAY_START_LIMIT, Duration.ofMinutes(5)), grace, resolve, total);
  }

  private static TargetSettings absent(String name, SettingKey missing) {
    return new TargetSettings.Absent(name, missing.name() + " is not set");
  }
}
