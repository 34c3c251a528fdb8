package dev.slipway.targets.qovery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The description of a service by Qovery's API. */
record QoveryService(JsonNode json) {
  private static final Map<String, String> EVENT_OF_FIELD =
      Map.of("on_start", "START", "on_stop", "STOP", "on_delete", "DELETE", "cronjob", "CRON");

  /** The id of its environment; empty when Qovery does not name it. */
  String environmentId() {
    return json.path("environment").path("id").stringValue("");
  }

  /** The version that it names as deployed. */
  Optional<String> deployed(QoveryVersion version) {
    return version.deployedIn(json);
  }

  /** Whether Qovery deploys each push, or each new image, without being asked. */
  boolean deploysByItself() {
    return json.path("auto_deploy").booleanValue(false);
  }

  /**
   * Why a job cannot be deployed as configured; empty when nothing speaks against it. Qovery
   * accepts an event that the job does not have with a 202 and then does nothing, so the mistake
   * can be named only before the start.
   */
  Optional<String> problemWith(QoveryConfig config) {
    return problemWithSource(config).or(() -> problemWithEvent(config));
  }

  private Optional<String> problemWithSource(QoveryConfig config) {
    boolean isByCommit = config.version() instanceof QoveryVersionRule.ByCommit;
    boolean isImage = json.path("source").path("image").isObject();
    boolean isGit = json.path("source").path("docker").isObject();
    if (isGit && !isImage && !isByCommit) {
      return Optional.of(
          "the Qovery job is built from git, but QOVERY_JOB_IMAGE_TAG is set; leave it out");
    }
    if (isImage && !isGit && isByCommit) {
      return Optional.of(
          "the Qovery job comes from an image registry; set QOVERY_JOB_IMAGE_TAG, such as {sha}");
    }
    return Optional.empty();
  }

  private Optional<String> problemWithEvent(QoveryConfig config) {
    String wanted = config.forceEvent();
    List<String> events =
        EVENT_OF_FIELD.entrySet().stream()
            .filter(entry -> json.path("schedule").path(entry.getKey()).isObject())
            .map(Map.Entry::getValue)
            .sorted()
            .toList();
    if (wanted == null || events.isEmpty() || events.contains(wanted)) {
      return Optional.empty();
    }
    return Optional.of(
        "QOVERY_JOB_FORCE_EVENT is %s, but the Qovery job only has %s and would not be deployed"
            .formatted(wanted, String.join(", ", events)));
  }
}
