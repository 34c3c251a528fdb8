package dev.slipway.intake;

import dev.slipway.model.CleanText;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Origin;
import dev.slipway.model.PullRequest;
import dev.slipway.model.Repository;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the bodies of deliveries. Lenient where GitHub is: its own published examples lack fields
 * that its schema requires. Refuses only what lacks the three things nothing can be deployed
 * without: {@code deployment.id}, {@code deployment.sha} and {@code repository.full_name}.
 */
final class EventReader {
  /** The event that tells of pull requests. */
  static final String CLOSING = "pull_request";

  private static final Pattern SHA = Pattern.compile("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}");

  private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cntrl}\"]");

  /** GitHub takes any payload, and it is kept, shown and handed on. */
  static final int LONGEST_PAYLOAD = 1024 * 1024;

  private static final int LONGEST_LIST = 64 * 1024;
  private static final JsonExcerpt.Wanted VALUE = members();

  private static final JsonExcerpt.Wanted DEPLOYMENT =
      members(
          member("action", VALUE),
          member(
              "deployment",
              members(
                  member("id", VALUE),
                  member("url", VALUE),
                  member("sha", VALUE),
                  member("ref", VALUE),
                  member("environment", VALUE),
                  member("transient_environment", VALUE),
                  member("production_environment", VALUE),
                  member("task", VALUE),
                  member("payload", new JsonExcerpt.Wanted.Text(LONGEST_PAYLOAD)),
                  member("description", VALUE),
                  member("created_at", VALUE),
                  member("creator", members(member("login", VALUE), member("type", VALUE))),
                  member("performed_via_github_app", members(member("slug", VALUE))))),
          member("deployment_status", VALUE),
          member("repository", members(member("id", VALUE), member("full_name", VALUE))),
          member("installation", members(member("id", VALUE))),
          member("workflow_run", VALUE));

  private static final JsonExcerpt.Wanted PULL_REQUEST =
      members(
          member("action", VALUE),
          member(
              "pull_request",
              members(
                  member("number", VALUE),
                  member("url", VALUE),
                  member("closed_at", VALUE),
                  member(
                      "head",
                      members(
                          member("ref", VALUE),
                          member("sha", VALUE),
                          member("repo", members(member("full_name", VALUE))))))),
          member("repository", members(member("id", VALUE), member("full_name", VALUE))));

  private static final JsonExcerpt.Wanted PING =
      members(
          member(
              "hook",
              members(
                  member("active", VALUE),
                  member("events", new JsonExcerpt.Wanted.Whole(LONGEST_LIST)),
                  member(
                      "config",
                      members(
                          member("content_type", VALUE),
                          member("insecure_ssl", VALUE),
                          member("secret", VALUE))))));

  private EventReader() {}

  private record Member(String name, JsonExcerpt.Wanted wanted) {}

  private static Member member(String name, JsonExcerpt.Wanted wanted) {
    return new Member(name, wanted);
  }

  private static JsonExcerpt.Wanted members(Member... members) {
    return new JsonExcerpt.Wanted.Members(
        Arrays.stream(members).collect(Collectors.toMap(Member::name, Member::wanted)));
  }

  /**
   * @param event {@code X-GitHub-Event}, which is not signed
   * @param host the GitHub host that sent it
   */
  static Event read(String event, String host, InputStream json, Instant receivedAt) {
    return switch (event) {
      case "ping" -> read(json, PING, body -> new Event.Ping(advice(body.path("hook"))));
      case "deployment" -> read(json, DEPLOYMENT, body -> deployment(body, host, receivedAt));
      case CLOSING -> read(json, PULL_REQUEST, body -> pullRequest(body, host, receivedAt));
      default -> other(event);
    };
  }

  /** What is ignored whatever its body says. */
  static Optional<Event.Ignored> ignored(String event) {
    return switch (event) {
      case "ping", "deployment" -> Optional.empty();
      default -> Optional.of(other(event));
    };
  }

  private static Event.Ignored other(String event) {
    return new Event.Ignored(
        "Slipway acts on \"deployment\" events only; this one is \"" + shown(event) + "\"");
  }

  private static Event read(
      InputStream json, JsonExcerpt.Wanted wanted, Function<JsonNode, Event> reader) {
    JsonNode body;
    try {
      body = JsonExcerpt.of(json, wanted);
    } catch (JsonExcerpt.TooLongException e) {
      return new Event.Invalid(String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      return new Event.Invalid("the body is not JSON: " + firstLine(e.getOriginalMessage()));
    }
    if (body.isMissingNode()) {
      return new Event.Invalid("the body is empty");
    }
    if (!body.isObject()) {
      return new Event.Invalid("the body is JSON but not an object");
    }
    return reader.apply(body);
  }

  private static Event pullRequest(JsonNode body, String host, Instant receivedAt) {
    String action = text(body.path("action"), "");
    if (!action.equals("closed")) {
      return new Event.Ignored("pull_request with action \"" + shown(action) + "\"");
    }
    JsonNode pullRequest = body.path("pull_request");
    JsonNode head = pullRequest.path("head");
    String repository = text(body.path("repository").path("full_name"), "");
    if (!isId(pullRequest.path("number"))) {
      return new Event.Invalid("pull_request.number is missing or not a positive whole number");
    }
    if (!Repository.isFullName(repository)) {
      return new Event.Invalid("repository.full_name is missing or not owner/name");
    }
    String address = text(pullRequest.path("url"), "");
    if (!isAt(host, address)) {
      return elsewhere(host, address);
    }
    JsonNode id = body.path("repository").path("id");
    return new Event.Closed(
        new PullRequest(
            new Repository(host, isId(id) ? id.longValue() : 0, repository),
            pullRequest.path("number").longValue(),
            text(head.path("ref"), ""),
            text(head.path("sha"), ""),
            // A fork that was deleted since is null
            !text(head.path("repo").path("full_name"), "").equalsIgnoreCase(repository)),
        time(text(pullRequest.path("closed_at"), ""), receivedAt));
  }

  private static Event elsewhere(String host, String address) {
    return new Event.Elsewhere(
        "the event is of %s, but comes as one of %s: the webhook secret says which host speaks (look at GITHUB_API_URL and github-hosts)"
            .formatted(shown(address), host));
  }

  private static Event deployment(JsonNode body, String host, Instant receivedAt) {
    if (!body.path("deployment_status").isMissingNode()) {
      return new Event.Invalid(
          "the body is of a \"deployment_status\" event, whatever X-GitHub-Event says");
    }
    String action = text(body.path("action"), "created");
    if (!action.equals("created")) {
      return new Event.Ignored("deployment with action \"" + shown(action) + "\"");
    }
    JsonNode deployment = body.path("deployment");
    JsonNode repository = body.path("repository");
    if (!isId(deployment.path("id"))) {
      return new Event.Invalid("deployment.id is missing or not a positive whole number");
    }
    if (!SHA.matcher(text(deployment.path("sha"), "")).matches()) {
      return new Event.Invalid("deployment.sha is missing or not 40 or 64 hex digits");
    }
    if (!Repository.isFullName(text(repository.path("full_name"), ""))) {
      return new Event.Invalid("repository.full_name is missing or not owner/name");
    }
    String environment = text(deployment.path("environment"), "production");
    if (environment.isEmpty()) {
      // To locks it would be the whole repository
      return new Event.Invalid("deployment.environment is empty");
    }
    String address = text(deployment.path("url"), "");
    if (!isAt(host, address)) {
      return elsewhere(host, address);
    }
    return new Event.Created(
        new Deployment(
            new Repository(
                host,
                id(repository),
                text(repository.path("full_name"), ""),
                id(body.path("installation"))),
            deployment.path("id").longValue(),
            text(deployment.path("sha"), ""),
            text(deployment.path("ref"), ""),
            new Environment(
                environment,
                deployment.path("transient_environment").asBoolean(false),
                deployment.path("production_environment").asBoolean(false)),
            text(deployment.path("task"), "deploy"),
            payload(deployment.path("payload")),
            text(deployment.path("description"), ""),
            text(deployment.path("creator").path("login"), ""),
            time(text(deployment.path("created_at"), ""), receivedAt)),
        maker(deployment, body));
  }

  /** GitHub always tells the deployment's own address, which is signed, unlike any header. */
  private static boolean isAt(String host, String address) {
    try {
      String named = address.isEmpty() ? host : new URI(address).getHost();
      return host.equalsIgnoreCase(named) || ("api." + host).equalsIgnoreCase(named);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Origin maker(JsonNode deployment, JsonNode body) {
    JsonNode creator = deployment.path("creator");
    return new Origin(
        body.path("workflow_run").isObject(),
        text(deployment.path("performed_via_github_app").path("slug"), ""),
        text(creator.path("login"), ""),
        text(creator.path("type"), "").equals("Bot"));
  }

  /** Of the repository or the installation; 0 where the event does not say. */
  private static long id(JsonNode named) {
    return isId(named.path("id")) ? named.path("id").longValue() : 0;
  }

  private static boolean isId(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0;
  }

  private static String payload(JsonNode payload) {
    String text = payload.asString("null");
    return text.equals("null") ? "{}" : CleanText.of(text);
  }

  private static Instant time(String text, Instant otherwise) {
    try {
      return text.isEmpty() ? otherwise : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException malformed) {
      return otherwise;
    }
  }

  private static String advice(JsonNode hook) {
    List<String> advice = new ArrayList<>();
    JsonNode events = hook.path("events");
    boolean subscribed =
        StreamSupport.stream(events.spliterator(), false)
            .map(event -> text(event, ""))
            .anyMatch(event -> event.equals("deployment") || event.equals("*"));
    if (events.isArray() && !subscribed) {
      advice.add("this hook is not subscribed to \"deployment\": tick Deployments in its events");
    }
    JsonNode config = hook.path("config");
    if (text(config.path("content_type"), "json").equals("form")) {
      advice.add("content type is form; it works, but application/json is better");
    }
    if (config.path("insecure_ssl").asString("0").equals("1")) {
      advice.add("SSL verification is switched off: enable it");
    }
    if (config.isObject() && config.path("secret").isMissingNode()) {
      advice.add("GitHub shows no secret for this hook");
    }
    if (hook.path("active").isBoolean() && !hook.path("active").booleanValue()) {
      advice.add("this hook is not active");
    }
    return String.join("; ", advice);
  }

  private static String text(JsonNode node, String otherwise) {
    return node.isString() ? CleanText.of(node.stringValue()) : otherwise;
  }

  private static String shown(String text) {
    String line = UNSHOWN.matcher(text).replaceAll("?");
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().map(EventReader::shown).orElse("malformed");
  }
}
