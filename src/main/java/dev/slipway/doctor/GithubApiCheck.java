package dev.slipway.doctor;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.github.CredentialKind;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.github.GithubSettingNames;
import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Checks that GitHub's API is behind the configured address and takes the credential, how many
 * calls are left, and how far the clocks are apart.
 */
final class GithubApiCheck {
  static final String API = "GitHub API";
  static final String CREDENTIAL = "GitHub credential";
  static final String RATE_LIMIT = "GitHub rate limit";
  static final String CLOCK = "clock";

  private static final Duration SKEWED = Duration.ofSeconds(30);

  /** A GitHub App signs with a time of a minute ago. */
  private static final Duration REFUSED = Duration.ofSeconds(60);

  private static final int SCARCE = 10;

  /** A date is in whole seconds, and old when it arrives. */
  private static final long UNSURE = 2;

  private final GithubConfig config;
  private final Github github;
  private final AppCheck app;
  private final ProviderMessages messages;
  private final InstantSource clock;

  GithubApiCheck(
      GithubConfig config,
      Github github,
      AppCheck app,
      ProviderMessages messages,
      InstantSource clock) {
    this.config = config;
    this.github = github;
    this.app = app;
    this.messages = messages;
    this.clock = clock;
  }

  private GithubSettingNames names() {
    return config.names();
  }

  /** The checks of it. */
  List<Check> checks() {
    List<Check> checks = new ArrayList<>(List.of(new Check(API, this::api)));
    if (config.app() != null) {
      checks.add(app.check());
    }
    checks.add(new Check(RATE_LIMIT, this::rateLimit));
    return checks;
  }

  private List<CheckResult> api() throws InterruptedException {
    Reply reply = github.inspect(config.app() == null ? "meta" : "app");
    return results(reply, clock.instant());
  }

  /** What an answer to {@code meta} tells. */
  List<CheckResult> results(Reply reply, Instant now) {
    List<CheckResult> results = new ArrayList<>();
    results.add(address(reply));
    if (reply instanceof Reply.Answered answered) {
      results.add(config.hasCredential() ? credential(answered) : noCredential());
      if (config.app() != null && answered.status() == 200) {
        results.addAll(app.app(answered.json()));
      }
      answered
          .date()
          .map(date -> skew(Duration.between(now, date), config.app() != null))
          .ifPresent(results::add);
    } else if (!config.hasCredential()) {
      results.add(noCredential());
    }
    return results;
  }

  private CheckResult address(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered when answered.status() >= 500 ->
          new CheckResult.Failure(
              API,
              messages.of(answered),
              "GitHub has trouble, or a proxy in between: try again, look at GitHub's status page");
      case Reply.Answered answered when answered.status() == 400 ->
          new CheckResult.Failure(
              API,
              messages.of(answered),
              "look at %s, which is %s".formatted(names().apiVersion(), config.apiVersion()));
      case Reply.Answered answered when isApis(answered) ->
          new CheckResult.Ok(API, product(answered) + " answers at " + config.apiUrl());
      case Reply.Answered answered ->
          new CheckResult.Failure(
              API,
              "what answers %d at %s is not GitHub's API"
                  .formatted(answered.status(), config.apiUrl()),
              config.lacksPath()
                  ? "set %s to https://HOST/api/v3, where GitHub Enterprise Server has it"
                      .formatted(names().apiUrl())
                  : "look at %s and at proxies in between".formatted(names().apiUrl()));
      case Reply.NotSent _, Reply.Unanswered _ ->
          new CheckResult.Failure(
              API,
              messages.of(reply),
              "look at %s, the network, %s and %s"
                  .formatted(names().apiUrl(), names().httpsProxy(), names().caFile()));
    };
  }

  /** Only an object is an answer of the API: errors have a message, the rest has more. */
  private static boolean isApis(Reply.Answered answered) {
    return answered.json().isObject()
        && (answered.isSuccess() || answered.json().path("message").isString());
  }

  private static String product(Reply.Answered answered) {
    String version =
        answered
            .header("X-GitHub-Enterprise-Version")
            .orElseGet(() -> answered.json().path("installed_version").asString(""));
    return version.isEmpty() ? "GitHub" : "GitHub Enterprise Server " + version;
  }

  private CheckResult noCredential() {
    return new CheckResult.Failure(
        CREDENTIAL,
        names().token() + " is not set, nor is a GitHub App, so no status can be posted",
        "set a token with the repository permission Deployments: read and write, or "
            + names().appId());
  }

  private CheckResult credential(Reply.Answered answered) {
    return switch (answered.status()) {
      case 401 ->
          new CheckResult.Failure(
              CREDENTIAL,
              messages.of(answered),
              config.app() == null
                  ? CredentialKind.TOKEN.unauthorized(names()) + " and restart the server"
                  : CredentialKind.APP.unauthorized(names()));
      case 407 ->
          new CheckResult.Failure(
              CREDENTIAL,
              messages.of(answered),
              "the proxy wants a password: set " + names().httpsProxy());
      case 200 -> new CheckResult.Ok(CREDENTIAL, "GitHub takes it");
      default -> new CheckResult.Skipped(CREDENTIAL, "cannot be judged: " + messages.of(answered));
    };
  }

  /**
   * @param ahead how far GitHub's clock is ahead of ours
   * @param signs whether calls are signed with our time, as those of a GitHub App are
   */
  static CheckResult skew(Duration ahead, boolean signs) {
    long seconds = ahead.abs().toSeconds();
    String detail =
        seconds <= UNSURE
            ? "this machine's clock and GitHub's agree"
            : "this machine's clock is %d s %s GitHub's"
                .formatted(seconds, ahead.isNegative() ? "ahead of" : "behind");
    if (signs && seconds > REFUSED.toSeconds()) {
      return new CheckResult.Failure(
          CLOCK,
          detail + ": GitHub refuses what the GitHub App signs with such a time",
          "synchronise the clock (NTP)");
    }
    return seconds <= SKEWED.toSeconds()
        ? new CheckResult.Ok(CLOCK, detail)
        : new CheckResult.Warning(
            CLOCK,
            detail
                + ": signed requests may be refused, and deploys of unknown outcome be taken for"
                + " absent",
            "synchronise the clock (NTP)");
  }

  private List<CheckResult> rateLimit() throws InterruptedException {
    return config.token() == null
        ? List.of(
            new CheckResult.Skipped(
                RATE_LIMIT,
                config.app() == null
                    ? names().token() + " is not set"
                    : "each installation of the GitHub App has one of its own"))
        : List.of(rateLimit(github.inspect("rate_limit"), clock.instant()));
  }

  /** What an answer to {@code rate_limit} tells. */
  CheckResult rateLimit(Reply reply, Instant now) {
    if (!(reply instanceof Reply.Answered answered)) {
      return new CheckResult.Skipped(RATE_LIMIT, messages.of(reply));
    }
    JsonNode core = answered.json().path("resources").path("core");
    long limit = core.path("limit").asLong(0);
    long remaining = core.path("remaining").asLong(0);
    if (answered.status() == 404) {
      return new CheckResult.Ok(RATE_LIMIT, "this GitHub limits no calls");
    }
    if (!answered.isSuccess() || limit <= 0) {
      return new CheckResult.Skipped(RATE_LIMIT, "cannot be read: " + messages.of(answered));
    }
    String detail = "%d of %d calls are left in this hour".formatted(remaining, limit);
    if (remaining * SCARCE >= limit) {
      return new CheckResult.Ok(RATE_LIMIT, detail);
    }
    Duration wait =
        Duration.between(
            now, Instant.ofEpochSecond(core.path("reset").asLong(now.getEpochSecond())));
    String advice =
        "use a credential that nobody else uses; more calls are granted in %d min"
            .formatted(Math.max(1, wait.toMinutes() + 1));
    return remaining == 0
        ? new CheckResult.Failure(RATE_LIMIT, detail, advice)
        : new CheckResult.Warning(RATE_LIMIT, detail, advice);
  }
}
