package dev.slipway.fakes;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One deployment request at Qovery. Its state follows from the time that has gone by.
 *
 * @param version the commit or image tag
 * @param number counts the requests of a service
 * @param begins when it leaves the queue
 */
record FakeQoveryRequest(
    String id,
    int number,
    String version,
    Instant asked,
    Instant begins,
    StateSchedule schedule,
    @Nullable Instant cancelled) {
  String state(Instant now) {
    if (cancelled != null) {
      return "CANCELED";
    }
    return now.isBefore(begins) ? "QUEUED" : schedule.stateAfter(Duration.between(begins, now));
  }

  boolean isQueued(Instant now) {
    return state(now).equals("QUEUED");
  }

  boolean isLive(Instant now) {
    return state(now).equals("DEPLOYED");
  }

  boolean isOver(Instant now) {
    return ends().filter(end -> !now.isBefore(end)).isPresent();
  }

  /** When it is over; empty if nobody knows. */
  Optional<Instant> ends() {
    return cancelled != null ? Optional.of(cancelled) : schedule.length().map(begins::plus);
  }

  /** The same request for another version: Qovery merges the ones that wait. */
  FakeQoveryRequest mergedWith(String newer, StateSchedule other) {
    return new FakeQoveryRequest(id, number, newer, asked, begins, other, cancelled);
  }

  FakeQoveryRequest cancelledAt(Instant now) {
    return isOver(now)
        ? this
        : new FakeQoveryRequest(id, number, version, asked, begins, schedule, now);
  }

  String executionId(String service) {
    return service + "-" + number;
  }

  /** The {@code Status} of the service as this request makes it. */
  ObjectNode status(String service, Instant now) {
    String state = state(now);
    ObjectNode status =
        JsonBodies.object()
            .put("id", service)
            .put("state", state)
            .put("service_deployment_status", isLive(now) ? "UP_TO_DATE" : "OUT_OF_DATE")
            .put("is_part_last_deployment", true)
            .put("deployment_request_id", id)
            .put("deployment_requests_count", isQueued(now) ? 1 : 0)
            .put("last_deployment_date", asked.toString());
    status.set("status_details", details(now));
    status
        .putObject("steps")
        .putNull("total_duration_sec")
        .put("total_computing_duration_sec", 0)
        .putArray("details");
    if (!isQueued(now)) {
      status.put("execution_id", executionId(service));
    }
    return status;
  }

  ObjectNode details(Instant now) {
    return JsonBodies.object()
        .put("action", "DEPLOY")
        .put(
            "status",
            switch (state(now)) {
              case "QUEUED" -> "QUEUED";
              case "CANCELED" -> "CANCELED";
              case "DEPLOYED" -> "SUCCESS";
              case String state when state.endsWith("_ERROR") -> "ERROR";
              default -> "ONGOING";
            })
        .put("sub_action", "NONE");
  }
}
