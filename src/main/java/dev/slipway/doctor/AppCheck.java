package dev.slipway.doctor;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.github.Github;
import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Checks what a GitHub App may, what it tells of, and where its webhook leads. */
final class AppCheck {
  /** The App itself, with its permissions and events. */
  static final String APP = "GitHub App";

  /** Its webhook, with which all of its deliveries come. */
  static final String WEBHOOK = "webhook of the GitHub App";

  private final Github github;
  private final URI address;
  private final boolean needsPullRequests;
  private final ProviderMessages messages;

  /**
   * @param address where deliveries have to go
   * @param needsPullRequests whether a route destroys environments when a pull request is closed
   */
  AppCheck(Github github, URI address, boolean needsPullRequests, ProviderMessages messages) {
    this.github = github;
    this.address = address;
    this.needsPullRequests = needsPullRequests;
    this.messages = messages;
  }

  Check check() {
    return new Check(WEBHOOK, () -> webhook(github.inspect("app/hook/config")));
  }

  /** What GitHub's answer to {@code app} says of the App. */
  List<CheckResult> app(JsonNode json) {
    String name = json.path("name").asString("");
    List<CheckResult> results = new ArrayList<>();
    results.add(deployments(name, json));
    if (needsPullRequests && !tellsOf(json, "pull_request")) {
      results.add(
          new CheckResult.Warning(
              APP,
              name
                  + " does not subscribe to pull requests, so what a route destroys stays when they"
                  + " close",
              "give it the repository permission Pull requests: read, have that accepted, and tick"
                  + " Pull request among its events, unless webhooks of the repositories tell of"
                  + " them; `environments prune` destroys what was missed"));
    }
    return results;
  }

  private static CheckResult deployments(String name, JsonNode json) {
    if (!json.path("permissions").path("deployments").asString("").equals("write")) {
      return new CheckResult.Failure(
          APP,
          name + " may not write deployments, so GitHub gets no status",
          "give it the repository permission Deployments: read and write, and have that accepted"
              + " where it is installed");
    }
    return tellsOf(json, "deployment")
        ? new CheckResult.Ok(APP, name + " may write deployments, and tells of them")
        : new CheckResult.Failure(
            APP,
            name + " does not subscribe to deployments, so GitHub tells of none",
            "tick Deployment among its events, unless webhooks of the repositories tell of them");
  }

  private static boolean tellsOf(JsonNode json, String event) {
    return json.path("events").valueStream().anyMatch(one -> one.asString("").equals(event));
  }

  /** What an answer to {@code app/hook/config} means. */
  List<CheckResult> webhook(Reply reply) {
    if (!(reply instanceof Reply.Answered answered)
        || answered.status() != 200
        || !answered.json().isObject()) {
      return List.of(
          new CheckResult.Skipped(WEBHOOK, "GitHub does not show it: " + messages.of(reply)));
    }
    WebhookConfigCheck config = new WebhookConfigCheck(WEBHOOK, github.settings().webhookSecret());
    String url = answered.json().path("url").asString("");
    if (!url.equals(address.toString())) {
      return List.of(
          config.warning(
              url.isEmpty() ? "leads nowhere" : "leads to " + messages.clean(url),
              "set its address to %s, unless webhooks of the repositories deliver; look at"
                      .formatted(address)
                  + " SLIPWAY_PUBLIC_URL if GitHub knows this server by another address"));
    }
    List<CheckResult> results = new ArrayList<>(config.results(answered.json()));
    if (results.isEmpty()) {
      results.add(new CheckResult.Ok(WEBHOOK, "leads here, and signs"));
    }
    return results;
  }
}
