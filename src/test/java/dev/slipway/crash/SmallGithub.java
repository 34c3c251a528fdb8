package dev.slipway.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The half of GitHub that takes: statuses of deployments, of any repository. */
final class SmallGithub {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern STATUSES =
      Pattern.compile("/repos/octo-org/app-\\d/deployments/(\\d+)/statuses");
  private static final Pattern REPOSITORY = Pattern.compile("/repos/octo-org/app-(\\d)");

  private final OutsideJournal journal;
  private final Map<Long, List<ObjectNode>> statuses = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong(900);

  SmallGithub(OutsideJournal journal) {
    this.journal = journal;
  }

  OutsideServers.Response answer(String method, String path, Supplier<JsonNode> body) {
    Matcher posts = STATUSES.matcher(path);
    if (posts.matches()) {
      long deployment = Long.parseLong(posts.group(1));
      return method.equals("POST") ? post(deployment, body.get()) : list(deployment);
    }
    Matcher repository = REPOSITORY.matcher(path);
    if (repository.matches()) {
      long id = 1296269 + Long.parseLong(repository.group(1));
      return new OutsideServers.Response(200, JSON.createObjectNode().put("id", id));
    }
    return path.endsWith("/deployments")
        ? new OutsideServers.Response(200, JSON.createArrayNode())
        : OutsideServers.Response.of(404, "Not Found");
  }

  private OutsideServers.Response post(long deployment, JsonNode wanted) {
    String state = wanted.path("state").asString();
    String description = wanted.path("description").asString();
    List<ObjectNode> kept = statuses.computeIfAbsent(deployment, _ -> new ArrayList<>());
    synchronized (kept) {
      ObjectNode status =
          JSON.createObjectNode()
              .put("id", ids.incrementAndGet())
              .put("state", state)
              .put("description", description)
              .put("log_url", wanted.path("log_url").asString());
      kept.add(status);
      journal.add(new OutsideJournal.Posted(deployment, state, description));
      return new OutsideServers.Response(201, status);
    }
  }

  private OutsideServers.Response list(long deployment) {
    List<ObjectNode> kept = statuses.computeIfAbsent(deployment, _ -> new ArrayList<>());
    ArrayNode all = JSON.createArrayNode();
    synchronized (kept) {
      kept.reversed().forEach(all::add);
    }
    return new OutsideServers.Response(200, all);
  }
}
