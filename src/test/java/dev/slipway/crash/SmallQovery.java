package dev.slipway.crash;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Applications at Qovery, each with requests that are over after a time of their own. */
final class SmallQovery {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern SERVICE =
      Pattern.compile(
          OutsideServers.QOVERY + "/(?:application|service)/([0-9a-f-]{36})(?:/(\\w+))?");
  private static final String NOBODYS = "0".repeat(40);

  private final OutsideJournal journal;
  private final Map<String, List<Asked>> services = new ConcurrentHashMap<>();

  private record Asked(String id, String commit, Instant at, Instant endsAt, boolean good) {
    String state() {
      return Instant.now().isBefore(endsAt) ? "BUILDING" : good ? "DEPLOYED" : "BUILD_ERROR";
    }

    boolean isLive() {
      return state().equals("DEPLOYED");
    }

    ObjectNode describe(ObjectNode node, String stateField) {
      String detail =
          switch (state()) {
            case "BUILDING" -> "ONGOING";
            case "DEPLOYED" -> "SUCCESS";
            default -> "ERROR";
          };
      node.put(stateField, state())
          .putObject("status_details")
          .put("action", "DEPLOY")
          .put("status", detail);
      return node;
    }
  }

  SmallQovery(OutsideJournal journal) {
    this.journal = journal;
  }

  OutsideServers.Response answer(String method, URI uri, Supplier<JsonNode> body) {
    Matcher service = SERVICE.matcher(uri.getPath());
    if (service.matches()) {
      List<Asked> asked = services.computeIfAbsent(service.group(1), _ -> new ArrayList<>());
      synchronized (asked) {
        return service(method, Optional.ofNullable(service.group(2)).orElse(""), asked, body);
      }
    }
    return uri.getPath().endsWith("/environment/deploymentStatus")
        ? request(String.valueOf(uri.getQuery()).replaceFirst(".*deploymentRequestId=", ""))
        : OutsideServers.Response.of(404, "Not Found");
  }

  private OutsideServers.Response service(
      String method, String what, List<Asked> asked, Supplier<JsonNode> body) {
    return switch (method + " " + what) {
      case "POST deploy" -> {
        Asked begun = begin(asked, body.get().path("git_commit_id").asString());
        yield new OutsideServers.Response(202, status(begun).put("state", "QUEUED"));
      }
      case "GET status" ->
          new OutsideServers.Response(
              200,
              asked.isEmpty()
                  ? JSON.createObjectNode().put("state", "READY")
                  : status(asked.getLast()));
      case "GET deploymentHistoryV2" -> new OutsideServers.Response(200, history(asked));
      case "GET " -> new OutsideServers.Response(200, application(asked));
      case "GET deploymentQueue", "GET link" ->
          new OutsideServers.Response(200, results(List.of()));
      default -> OutsideServers.Response.of(404, "Not Found");
    };
  }

  /** One in twelve takes longer than a look, and one in ten does not get well. */
  private Asked begin(List<Asked> asked, String commit) {
    long deployment = Long.parseLong(commit, 16);
    String key = DeployDestination.of(deployment).key();
    long now = OutsideJournal.now();
    Instant at = Instant.now();
    long takes = deployment % 12 == 5 ? 300_000_000L : 0;
    Asked begun =
        new Asked(
            UUID.randomUUID().toString(), commit, at, at.plusNanos(takes), deployment % 10 != 7);
    asked.add(begun);
    journal.add(now, new OutsideJournal.Triggered(deployment, key, "qovery"));
    journal.add(now + takes, new OutsideJournal.Over(deployment, key));
    return begun;
  }

  private static ObjectNode status(Asked asked) {
    return asked
        .describe(JSON.createObjectNode(), "state")
        .put("deployment_request_id", asked.id())
        .put("execution_id", "run-" + asked.id())
        .put("last_deployment_date", asked.at().toString());
  }

  private static ObjectNode history(List<Asked> asked) {
    return results(
        asked.reversed().stream()
            .limit(20)
            .map(
                one -> {
                  ObjectNode row = one.describe(JSON.createObjectNode(), "status");
                  row.putObject("identifier").put("execution_id", "run-" + one.id());
                  row.putObject("auditing_data").put("created_at", one.at().toString());
                  row.putObject("details").putObject("commit").put("git_commit_id", one.commit());
                  return row;
                })
            .toList());
  }

  private static ObjectNode results(List<ObjectNode> rows) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode results = body.putArray("results");
    rows.forEach(results::add);
    return body;
  }

  private static ObjectNode application(List<Asked> asked) {
    ObjectNode application = JSON.createObjectNode().put("name", "app");
    String live =
        asked.reversed().stream()
            .filter(Asked::isLive)
            .map(Asked::commit)
            .findFirst()
            .orElse(NOBODYS);
    application.putObject("git_repository").put("deployed_commit_id", live);
    return application;
  }

  private OutsideServers.Response request(String id) {
    for (List<Asked> asked : services.values()) {
      synchronized (asked) {
        for (Asked one : asked) {
          if (one.id().equals(id)) {
            return new OutsideServers.Response(
                200, JSON.createObjectNode().put("status", one.state()));
          }
        }
      }
    }
    return OutsideServers.Response.of(404, "Not Found");
  }
}
