package dev.slipway.targets.qovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Looks at a job before it is deployed. Qovery takes an event that the job does not have with a 202
 * and then does nothing, so this is the one moment at which the mistake can be named.
 */
final class JobCheck {
  private static final Map<String, String> EVENT_OF_FIELD =
      Map.of("on_start", "START", "on_stop", "STOP", "on_delete", "DELETE", "cronjob", "CRON");

  private final QoveryClient api;
  private final QoveryService subject;

  JobCheck(QoveryClient api, QoveryService subject) {
    this.api = api;
    this.subject = subject;
  }

  /**
   * @param objection why the job cannot be deployed as configured; empty when it can, or when
   *     nobody knows
   * @param notes for the log
   */
  record Result(Optional<String> objection, List<String> notes) {}

  Result read() throws InterruptedException {
    if (subject.kind() != QoveryConfig.Kind.JOB) {
      return new Result(Optional.empty(), List.of());
    }
    try {
      return new Result(
          api.seek(subject.path()).map(DatedAnswer::json).flatMap(this::objectionTo), List.of());
    } catch (QoveryUnavailableException e) {
      return new Result(
          Optional.empty(),
          List.of("Qovery: the job could not be looked at beforehand. " + e.reason()));
    }
  }

  private Optional<String> objectionTo(JsonNode job) {
    return source(job.path("source")).or(() -> event(job.path("schedule")));
  }

  private Optional<String> source(JsonNode source) {
    boolean image = source.path("image").isObject();
    boolean git = source.path("docker").isObject();
    if (git && !image && subject.imageTag() != null) {
      return Optional.of(
          "the Qovery job is built from git, but QOVERY_JOB_IMAGE_TAG is set; leave it out");
    }
    if (image && !git && subject.imageTag() == null) {
      return Optional.of(
          "the Qovery job comes from an image registry; set QOVERY_JOB_IMAGE_TAG, such as {sha}");
    }
    return Optional.empty();
  }

  private Optional<String> event(JsonNode schedule) {
    String wanted = subject.forceEvent();
    List<String> present = new ArrayList<>();
    EVENT_OF_FIELD.forEach(
        (field, event) -> {
          if (schedule.path(field).isObject()) {
            present.add(event);
          }
        });
    if (wanted == null || present.isEmpty() || present.contains(wanted)) {
      return Optional.empty();
    }
    return Optional.of(
        "QOVERY_JOB_FORCE_EVENT is %s, but the Qovery job only has %s and would not be deployed"
            .formatted(wanted, String.join(", ", present.stream().sorted().toList())));
  }
}
