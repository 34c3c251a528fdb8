package dev.slipway.fakes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Render's log tells of deploys, and pages of it. */
final class FakeRenderLog {
  private static final Duration BETWEEN_LINES = Duration.ofMillis(1);

  private FakeRenderLog() {}

  /**
   * A line.
   *
   * @param type {@code build} or {@code app}
   */
  private record Line(String id, Instant at, String type, String message) {
    ObjectNode json(String service) {
      ObjectNode json =
          JsonBodies.object().put("id", id).put("timestamp", at.toString()).put("message", message);
      ArrayNode labels = json.putArray("labels");
      labels.addObject().put("name", "resource").put("value", service);
      labels.addObject().put("name", "type").put("value", type);
      return json;
    }
  }

  /**
   * A page of the log of a service.
   *
   * @param limit how many lines at the most
   */
  static ObjectNode page(
      String service, List<FakeRenderDeploy> deploys, FakeRequest request, int limit, Instant now) {
    Instant from = instant(request.query("startTime"), now.minus(Duration.ofHours(1)));
    Instant until = instant(request.query("endTime"), now);
    List<String> types = request.queries("type");
    boolean isForward = request.query("direction").equals("forward");
    Predicate<Line> isWanted =
        line ->
            !line.at().isBefore(from)
                && !line.at().isAfter(until)
                && (types.isEmpty() || types.contains(line.type()));
    Comparator<Line> order = Comparator.comparing(Line::at);
    List<Line> lines =
        deploys.stream()
            .flatMap(deploy -> lines(deploy, now).stream())
            .filter(isWanted)
            .sorted(isForward ? order : order.reversed())
            .toList();
    boolean hasMore = lines.size() > limit;
    Instant edge = hasMore ? lines.get(limit).at() : until;
    ObjectNode page =
        JsonBodies.object()
            .put("hasMore", hasMore)
            .put("nextStartTime", (isForward ? edge : from).toString())
            .put("nextEndTime", (isForward ? until : edge).toString());
    ArrayNode rows = page.putArray("logs");
    lines.stream().limit(limit).forEach(line -> rows.add(line.json(service)));
    return page;
  }

  private static Instant instant(String text, Instant otherwise) {
    return text.isEmpty() ? otherwise : Instant.parse(text);
  }

  private static List<Line> lines(FakeRenderDeploy deploy, Instant now) {
    List<Line> lines = new ArrayList<>();
    add(lines, deploy, deploy.created(), "build", "==> Checking out commit " + deploy.commit());
    add(
        lines,
        deploy,
        deploy.created(),
        "build",
        "==> Running build command 'npm ci && npm test'...");
    if (!deploy.isOver(now)) {
      return lines;
    }
    Instant end = deploy.ends().orElseThrow();
    switch (deploy.status(now)) {
      case "build_failed" -> {
        add(lines, deploy, end, "build", "\u001b[31mFAIL\u001b[0m greeting.test.js");
        add(lines, deploy, end, "build", "  expected \"Hello, world\" but was \"Helo, world\"");
        add(lines, deploy, end, "build", "npm error code ELIFECYCLE");
        add(lines, deploy, end, "build", "==> Build failed");
      }
      case "canceled" -> add(lines, deploy, end, "build", "==> Cancelled");
      default -> add(lines, deploy, end, "app", "==> Your service is live");
    }
    return lines;
  }

  /** Lines of one moment are a little apart. */
  private static void add(
      List<Line> lines, FakeRenderDeploy deploy, Instant at, String type, String message) {
    String id = "%s-%d".formatted(deploy.id().replaceFirst("dep-", "log-"), lines.size());
    lines.add(new Line(id, at.plus(BETWEEN_LINES.multipliedBy(lines.size())), type, message));
  }
}
