package dev.slipway.doctor;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.github.Github;
import dev.slipway.github.ReadResult;
import dev.slipway.http.Reply;
import dev.slipway.model.Repository;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Checks the webhook of a repository that leads here, as GitHub has it, and what it failed to
 * deliver. Most credentials may not see webhooks, and need not.
 */
final class WebhookCheck {
  private static final Duration LOOKED_AT = Duration.ofDays(3);
  private static final int MOST_PAGES = 5;

  private final Repository repository;
  private final URI address;
  private final boolean needsPullRequests;
  private final Github github;
  private final ProviderMessages messages;
  private final InstantSource clock;

  /**
   * @param address where deliveries have to go
   * @param needsPullRequests whether a route destroys environments there, and nobody else tells of
   *     pull requests
   */
  WebhookCheck(
      Repository repository,
      URI address,
      boolean needsPullRequests,
      Github github,
      ProviderMessages messages,
      InstantSource clock) {
    this.repository = repository;
    this.address = address;
    this.needsPullRequests = needsPullRequests;
    this.github = github;
    this.messages = messages;
    this.clock = clock;
  }

  Check check() {
    return new Check(subject(), this::run);
  }

  private String subject() {
    return "webhook of " + repository.fullName();
  }

  private List<CheckResult> run() throws InterruptedException {
    if (!github.hasCredential()) {
      return List.of(
          new CheckResult.Skipped(
              subject(),
              "neither %s nor a GitHub App is set".formatted(github.settings().token())));
    }
    Reply reply = github.inspect(repository, "hooks?per_page=100");
    if (!(reply instanceof Reply.Answered answered) || !isList(answered)) {
      return List.of(unseen(reply));
    }
    Optional<JsonNode> hook = ours(answered.json());
    if (hook.isEmpty()) {
      return List.of(none());
    }
    List<CheckResult> results = new ArrayList<>(hook(hook.get()));
    results.add(deliveries(hook.get().path("id").asLong(0)));
    return results;
  }

  private static boolean isList(Reply.Answered answered) {
    return answered.status() == 200 && answered.json().isArray();
  }

  /** Why no webhooks were shown. */
  CheckResult unseen(Reply reply) {
    boolean isDenied =
        reply instanceof Reply.Answered answered
            && (answered.status() == 403 || answered.status() == 404);
    return isDenied
        ? new CheckResult.Skipped(
            subject(),
            "the credential may not see webhooks, and need not",
            "look at it on GitHub (Settings, Webhooks), or allow the token Webhooks: read")
        : new CheckResult.Skipped(subject(), messages.of(reply));
  }

  private Optional<JsonNode> ours(JsonNode hooks) {
    return StreamSupport.stream(hooks.spliterator(), false)
        .filter(hook -> hook.path("config").path("url").asString("").equals(address.toString()))
        .findFirst();
  }

  private CheckResult none() {
    return new CheckResult.Warning(
        subject(),
        "none leads to " + address,
        "add one there, unless an organisation's or an App's webhook delivers; look at"
            + " SLIPWAY_PUBLIC_URL if GitHub knows this server by another address");
  }

  /** What is wrong with a webhook that leads here. */
  List<CheckResult> hook(JsonNode hook) {
    List<CheckResult> results = new ArrayList<>();
    WebhookConfigCheck config =
        new WebhookConfigCheck(subject(), github.settings().webhookSecret());
    if (!hook.path("active").asBoolean(true)) {
      results.add(config.failure("is switched off", "tick Active"));
    }
    if (!isSubscribed(hook.path("events"), "deployment")) {
      results.add(
          config.failure(
              "is not subscribed to deployment events",
              "choose \"Let me select individual events\", Deployments"));
    }
    if (needsPullRequests && !isSubscribed(hook.path("events"), "pull_request")) {
      results.add(
          config.warning(
              "is not subscribed to pull requests, so what a route destroys stays when they close",
              "tick Pull requests; `environments prune` destroys what was missed"));
    }
    results.addAll(config.results(hook.path("config")));
    if (results.isEmpty()) {
      results.add(
          new CheckResult.Ok(
              subject(), "is active, signs, and is subscribed to deployment events"));
    }
    return results;
  }

  private static boolean isSubscribed(JsonNode events, String wanted) {
    return StreamSupport.stream(events.spliterator(), false)
        .map(event -> event.asString(""))
        .anyMatch(event -> event.equals(wanted) || event.equals("*"));
  }

  private CheckResult deliveries(long hook) throws InterruptedException {
    String subject = "deliveries of " + repository.fullName();
    Instant from = clock.instant().minus(LOOKED_AT);
    List<JsonNode> all = new ArrayList<>();
    ReadResult read =
        github.read(repository, "hooks/" + hook + "/deliveries?per_page=100", Optional.empty());
    for (int pages = 1; read instanceof ReadResult.Page(JsonNode json, _, var next); pages++) {
      json.forEach(all::add);
      if (next.isEmpty()
          || pages == MOST_PAGES
          || all.stream().anyMatch(one -> deliveredAt(one).isBefore(from))) {
        return failures(subject, all, from, github.settings().webhookSecret());
      }
      read = github.read(repository, next.get());
    }
    return new CheckResult.Skipped(
        subject, "GitHub does not show what its webhook delivered: " + words(read));
  }

  private static String words(ReadResult read) {
    return switch (read) {
      case ReadResult.Hidden(int status) -> "it answered " + status;
      case ReadResult.RetryLater(String reason, _) -> reason;
      case ReadResult.TooLarge _ -> "its list is too large";
      case ReadResult.Unchanged _, ReadResult.Page _ -> "it showed none";
    };
  }

  /**
   * What the deliveries since then tell; of each GUID the last attempt counts.
   *
   * @param secret what the setting of the webhook's secret is called
   */
  static CheckResult failures(
      String subject, List<JsonNode> deliveries, Instant from, String secret) {
    Map<String, JsonNode> last = new HashMap<>();
    Comparator<JsonNode> age =
        Comparator.comparing(WebhookCheck::deliveredAt)
            .thenComparingLong(delivery -> delivery.path("id").asLong(0));
    deliveries.stream()
        .filter(delivery -> !deliveredAt(delivery).isBefore(from))
        .forEach(
            delivery ->
                last.merge(
                    delivery.path("guid").asString(""),
                    delivery,
                    (one, other) -> age.compare(one, other) >= 0 ? one : other));
    Map<Integer, Long> failed =
        last.values().stream()
            .filter(delivery -> !delivery.path("status").asString("").equals("OK"))
            .collect(
                Collectors.groupingBy(
                    delivery -> delivery.path("status_code").asInt(0),
                    TreeMap::new,
                    Collectors.counting()));
    if (failed.isEmpty()) {
      return new CheckResult.Ok(subject, "%d within 3 days, none failed".formatted(last.size()));
    }
    long count = failed.values().stream().mapToLong(Long::longValue).sum();
    String answers =
        failed.entrySet().stream()
            .map(entry -> "%d × %s".formatted(entry.getValue(), answer(entry.getKey())))
            .collect(Collectors.joining(", "));
    return new CheckResult.Warning(
        subject,
        "%d of %d within 3 days failed: %s".formatted(count, last.size(), answers),
        advice(failed, secret));
  }

  private static String answer(int status) {
    return status == 0 ? "no answer" : Integer.toString(status);
  }

  private static String advice(Map<Integer, Long> failed, String secret) {
    if (failed.containsKey(401)) {
      return "401: the secret on GitHub is not %s; set the same in both places, then redeliver on GitHub (Recent deliveries)"
          .formatted(secret);
    }
    return "missed deployments are found by asking GitHub; the answers stand on GitHub under Recent"
        + " deliveries";
  }

  private static Instant deliveredAt(JsonNode delivery) {
    try {
      return Instant.parse(delivery.path("delivered_at").asString(""));
    } catch (DateTimeException missing) {
      return Instant.EPOCH;
    }
  }
}
