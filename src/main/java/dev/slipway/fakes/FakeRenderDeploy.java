package dev.slipway.fakes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One deploy at Render. Its status follows from the time that has gone by.
 *
 * @param trigger {@code deploy_hook} or {@code api}
 * @param replacedBy the deploy that cancelled it, or null
 */
record FakeRenderDeploy(
    String id,
    String commit,
    String trigger,
    Instant created,
    StateSchedule schedule,
    @Nullable Instant cancelled,
    @Nullable String replacedBy) {

  String status(Instant now) {
    return cancelled != null ? "canceled" : schedule.stateAfter(Duration.between(created, now));
  }

  boolean isOver(Instant now) {
    return ends().filter(end -> !now.isBefore(end)).isPresent();
  }

  /** When it is over; empty if nobody knows. */
  Optional<Instant> ends() {
    return cancelled != null ? Optional.of(cancelled) : schedule.length().map(created::plus);
  }

  private Instant lastChange(Instant now) {
    return ends().filter(end -> !now.isBefore(end)).orElse(created);
  }

  /** The same, unless it is over already. */
  FakeRenderDeploy cancelledAt(Instant now, @Nullable String newer) {
    return isOver(now)
        ? this
        : new FakeRenderDeploy(id, commit, trigger, created, schedule, now, newer);
  }

  /**
   * @param status the status to show
   */
  ObjectNode json(String status, Instant now) {
    ObjectNode json =
        JsonBodies.object()
            .put("id", id)
            .put("status", status)
            .put("trigger", trigger)
            .put("createdAt", created.toString())
            .put("startedAt", created.toString())
            .put("updatedAt", lastChange(now).toString());
    json.putObject("commit")
        .put("id", commit)
        .put("message", "Greet the world in more languages")
        .put("createdAt", created.toString());
    if (isOver(now)) {
      json.put("finishedAt", lastChange(now).toString());
    }
    return json;
  }

  /** Its events, which say why it ended; newest first. */
  List<ObjectNode> events(Instant now) {
    if (!isOver(now)) {
      return List.of(event("deploy_started", created));
    }
    String status = status(now);
    ObjectNode ended = event("deploy_ended", lastChange(now));
    ObjectNode details = details(ended).put("deployStatus", outcome(status));
    ObjectNode reason = details.putObject("reason");
    if (replacedBy != null) {
      reason.putObject("newDeploy").put("id", replacedBy);
    }
    if (!status.equals("build_failed")) {
      return List.of(ended, event("deploy_started", created));
    }
    String build = id.replaceFirst("dep-", "bld-");
    reason.putObject("buildFailed").put("id", build);
    ObjectNode built = event("build_ended", lastChange(now));
    details(built)
        .put("buildId", build)
        .put("buildStatus", "failed")
        .putObject("reason")
        .putObject("failure")
        .put("nonZeroExit", 1);
    return List.of(ended, built, event("deploy_started", created));
  }

  private ObjectNode event(String type, Instant at) {
    ObjectNode event =
        JsonBodies.object()
            .put("id", id.replaceFirst("dep-", "evt-"))
            .put("timestamp", at.toString())
            .put("type", type);
    event.putObject("details").put("deployId", id);
    return event;
  }

  private static ObjectNode details(ObjectNode event) {
    return (ObjectNode) event.path("details");
  }

  private static String outcome(String status) {
    return switch (status) {
      case "canceled" -> "canceled";
      case "build_failed" -> "failed";
      default -> "succeeded";
    };
  }
}
