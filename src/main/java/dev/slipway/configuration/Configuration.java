package dev.slipway.configuration;

import dev.slipway.github.GithubConfig;
import dev.slipway.http.EgressConfig;
import dev.slipway.secret.Secret;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.PostLimits;
import dev.slipway.store.Retention;
import dev.slipway.webhook.NamedSecret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, checked.
 *
 * @param port 0 for any that is free
 * @param bind the address to listen on
 * @param publicUrlIsDefault nobody said how the outside reaches us
 * @param apiToken null closes the API
 * @param metricsToken null lets everybody read figures and readiness
 * @param logLinks whether logs can be read by links at all
 * @param logLinkSecret null: one is made once and kept in the database
 * @param formerLogLinkSecret links that were signed with it still open their pages
 * @param stopGrace how long a stop waits for commands on this machine
 * @param commandsAtOnce how many commands of this process may run at the same time
 * @param wayOut how calls to GitHub, Render and Qovery leave this machine
 * @param reconcile how GitHub is asked for what it could not deliver
 * @param secrets every secret among the settings, for whoever has to hide them
 * @param warnings what is allowed but probably not meant
 */
public record Configuration(
    int port,
    String bind,
    URI publicUrl,
    boolean publicUrlIsDefault,
    String databaseUrl,
    DatabaseLogin databaseLogin,
    List<NamedSecret> webhookSecrets,
    GithubConfig github,
    PostLimits statusPace,
    @Nullable Secret apiToken,
    @Nullable Secret metricsToken,
    boolean logLinks,
    @Nullable Secret logLinkSecret,
    @Nullable Secret formerLogLinkSecret,
    Duration logLinkTtl,
    Duration stopGrace,
    int commandsAtOnce,
    Retention.Periods keep,
    List<RouteConfig> routes,
    ReconcileConfig reconcile,
    EgressConfig wayOut,
    List<Secret> secrets,
    List<String> warnings) {

  /** What came of reading the settings. */
  public sealed interface Loaded {
    /** They are fine. */
    record Good(Configuration settings) implements Loaded {}

    /** Everything that is wrong, a line each. */
    record Bad(List<String> problems) implements Loaded {}
  }

  /**
   * Reads the settings.
   *
   * @param environment the environment variables
   * @param folder the working directory, where {@code slipway.yml} may be
   */
  public static Loaded load(Map<String, String> environment, Path folder) {
    return new ConfigurationReader(environment, folder).load();
  }
}
