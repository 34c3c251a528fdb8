package dev.slipway.app;

import dev.slipway.github.GithubConfig;
import dev.slipway.model.Foreign;
import dev.slipway.model.Limits;
import dev.slipway.model.Match;
import dev.slipway.model.Route;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.target.command.ShellConfig;
import dev.slipway.target.render.ClearCache;
import dev.slipway.target.render.RenderApiConfig;
import dev.slipway.target.render.RenderHookConfig;
import dev.slipway.webhook.NamedSecret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All settings, checked. */
record Settings(
    int port,
    URI publicUrl,
    boolean publicUrlIsDefault,
    String databaseUrl,
    Database.Login databaseLogin,
    List<NamedSecret> webhookSecrets,
    GithubConfig github,
    @Nullable Secret apiToken,
    @Nullable Secret logLinkSecret,
    Duration logLinkTtl,
    List<RouteSettings> routes,
    List<Secret> secrets,
    List<String> warnings) {

  static Loaded load(Map<String, String> env, Path folder) {
    Limits limits =
        new Limits(
            Duration.ofMinutes(5),
            Duration.ofSeconds(2),
            Duration.ofMinutes(15),
            Duration.ofHours(1));
    List<TargetSettings> targets = new ArrayList<>();
    URI render = URI.create(env.getOrDefault("RENDER_API_URL", "https://api.render.com"));
    Secret renderKey =
        env.containsKey("RENDER_API_KEY") ? new Secret(env.get("RENDER_API_KEY")) : null;
    targets.add(
        env.containsKey("RENDER_DEPLOY_HOOK_URL")
            ? new TargetSettings.RenderHook(
                "render-hook",
                new RenderHookConfig(
                    new Secret(env.get("RENDER_DEPLOY_HOOK_URL")), render, renderKey, null, limits))
            : new TargetSettings.Absent("render-hook", "RENDER_DEPLOY_HOOK_URL is not set"));
    targets.add(
        renderKey != null && env.containsKey("RENDER_SERVICE_ID")
            ? new TargetSettings.RenderApi(
                "render-api",
                new RenderApiConfig(
                    render,
                    renderKey,
                    env.get("RENDER_SERVICE_ID"),
                    ClearCache.DO_NOT_CLEAR,
                    null,
                    limits))
            : new TargetSettings.Absent(
                "render-api", "RENDER_API_KEY and RENDER_SERVICE_ID are not set"));
    Path data = Path.of(env.getOrDefault("SLIPWAY_DATA", folder + "/data"));
    targets.add(
        env.containsKey("DEPLOY_CMD")
            ? new TargetSettings.Shell(
                "shell",
                new ShellConfig(
                    env.get("DEPLOY_CMD"),
                    folder,
                    data.resolve("runs"),
                    Map.of(),
                    Duration.ofMinutes(30),
                    Duration.ofMinutes(10),
                    limits))
            : new TargetSettings.Absent("shell", "DEPLOY_CMD is not set"));
    Route route =
        new Route(
            "default",
            Match.ANY,
            Foreign.NONE,
            targets.stream().map(TargetSettings::name).toList(),
            null);
    return new Loaded.Good(
        new Settings(
            Integer.parseInt(env.getOrDefault("PORT", "8080")),
            URI.create(env.getOrDefault("SLIPWAY_PUBLIC_URL", "http://localhost:8080")),
            true,
            "jdbc:sqlite:" + data.resolve("slipway.db"),
            new Database.Login(null, null),
            List.of(
                new NamedSecret(
                    "current", new Secret(env.getOrDefault("GITHUB_WEBHOOK_SECRET", "x")))),
            new GithubConfig(
                URI.create(env.getOrDefault("GITHUB_API_URL", "https://api.github.com")),
                env.containsKey("GITHUB_TOKEN") ? new Secret(env.get("GITHUB_TOKEN")) : null),
            env.containsKey("SLIPWAY_API_TOKEN") ? new Secret(env.get("SLIPWAY_API_TOKEN")) : null,
            null,
            Duration.ofDays(90),
            List.of(new RouteSettings(route, targets)),
            List.of(),
            List.of()));
  }

  /** Loaded. */
  sealed interface Loaded {
    record Good(Settings settings) implements Loaded {}

    record Bad(List<String> problems) implements Loaded {}
  }
}
