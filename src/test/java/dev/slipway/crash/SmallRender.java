package dev.slipway.crash;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One service at Render: its hook and its deploys. A deploy is over after a time of its own, and
 * the commit says of which deployment it is.
 */
final class SmallRender {
  static final String SERVICE = "srv-cukouhrtq21c73e9scng";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String DEPLOYS = "/v1/services/" + SERVICE + "/deploys";

  private final OutsideJournal journal;
  private final List<Deploy> deploys = new ArrayList<>();

  private record Deploy(
      String id, String commit, String trigger, Instant createdAt, Instant endsAt, String end) {
    ObjectNode json() {
      boolean over = !Instant.now().isBefore(endsAt);
      ObjectNode json =
          JSON.createObjectNode()
              .put("id", id)
              .put("status", over ? end : "build_in_progress")
              .put("trigger", trigger)
              .put("createdAt", createdAt.toString());
      json.putObject("commit").put("id", commit);
      if (over) {
        json.put("finishedAt", endsAt.toString());
      }
      return json;
    }
  }

  SmallRender(OutsideJournal journal) {
    this.journal = journal;
  }

  /** The commit that stands for a deployment. */
  static String commitOf(long deployment) {
    return "%040x".formatted(deployment);
  }

  OutsideServers.Response answer(String method, URI uri, Supplier<JsonNode> body) {
    String path = uri.getPath();
    if (method.equals("POST") && path.equals("/deploy/" + SERVICE)) {
      ObjectNode answer = JSON.createObjectNode();
      answer.putObject("deploy").put("id", start(parameter(uri, "ref"), "deploy_hook").id());
      return new OutsideServers.Response(202, answer);
    }
    if (method.equals("POST") && path.equals(DEPLOYS)) {
      return new OutsideServers.Response(
          201, start(body.get().path("commitId").asString(), "api").json());
    }
    if (path.equals(DEPLOYS)) {
      return new OutsideServers.Response(200, list(uri));
    }
    if (path.startsWith(DEPLOYS + "/")) {
      return show(path.substring(DEPLOYS.length() + 1));
    }
    if (path.endsWith("/events")) {
      return new OutsideServers.Response(200, JSON.createArrayNode());
    }
    return path.equals("/v1/services/" + SERVICE)
        ? new OutsideServers.Response(
            200,
            JSON.createObjectNode()
                .put("id", SERVICE)
                .put("type", "web_service")
                .put("autoDeploy", "no"))
        : OutsideServers.Response.of(404, "Not Found");
  }

  /** One in twelve takes longer than a look, and one in ten does not get well. */
  private synchronized Deploy start(String commit, String trigger) {
    long deployment = Long.parseLong(commit, 16);
    String environment = DeployDestination.of(deployment).key();
    long now = OutsideJournal.now();
    Instant created = Instant.now();
    long takes = deployment % 12 == 5 ? 300_000_000L : 0;
    Deploy deploy =
        new Deploy(
            "dep-%020d".formatted(deploys.size()),
            commit,
            trigger,
            created,
            created.plusNanos(takes),
            deployment % 10 == 7 ? "build_failed" : "live");
    deploys.add(deploy);
    journal.add(now, new OutsideJournal.Triggered(deployment, environment, trigger));
    journal.add(now + takes, new OutsideJournal.Over(deployment, environment));
    return deploy;
  }

  private synchronized JsonNode list(URI uri) {
    String createdAfter = parameter(uri, "createdAfter");
    Instant after = createdAfter.isEmpty() ? Instant.EPOCH : Instant.parse(createdAfter);
    String cursor = parameter(uri, "cursor");
    ArrayNode page = JSON.createArrayNode();
    deploys.reversed().stream()
        .filter(deploy -> deploy.createdAt().isAfter(after))
        .filter(deploy -> cursor.isEmpty() || deploy.id().compareTo(cursor) < 0)
        .limit(100)
        .forEach(
            deploy -> {
              ObjectNode row = page.addObject().put("cursor", deploy.id());
              row.set("deploy", deploy.json());
            });
    return page;
  }

  private synchronized OutsideServers.Response show(String id) {
    Optional<Deploy> found = deploys.stream().filter(deploy -> deploy.id().equals(id)).findFirst();
    return found.isPresent()
        ? new OutsideServers.Response(200, found.get().json())
        : OutsideServers.Response.of(404, "Not Found");
  }

  private static String parameter(URI uri, String name) {
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .collect(Collectors.joining());
  }
}
