package dev.slipway.targets.render;

import dev.slipway.targets.LenientJson;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Reads from a service's events why a deploy ended as it did; nothing else at Render tells. */
record RenderEvents(List<JsonNode> all) {
  static RenderEvents from(JsonNode rows) {
    return new RenderEvents(
        StreamSupport.stream(rows.spliterator(), false).map(row -> row.path("event")).toList());
  }

  /** The deploy that took this one's place. */
  Optional<String> replacedBy(String deployId) {
    return ended(deployId)
        .flatMap(
            details ->
                RenderDeploy.idIn(details.path("reason").path("newDeploy").path("id")).stream())
        .findFirst()
        .filter(other -> !other.equals(deployId));
  }

  /** What failed, in a few words. */
  Optional<String> failure(String deployId) {
    return Stream.of(
            ended(deployId),
            of("pre_deploy_ended", details -> isOf(details, deployId)),
            builds(deployId))
        .flatMap(events -> events)
        .flatMap(details -> words(details.path("reason").path("failure")).stream())
        .findFirst()
        .or(this::imageNotPulled);
  }

  private Stream<JsonNode> ended(String deployId) {
    return of("deploy_ended", details -> isOf(details, deployId));
  }

  private Stream<JsonNode> builds(String deployId) {
    return ended(deployId)
        .flatMap(
            details ->
                LenientJson.text(details.path("reason").path("buildFailed").path("id")).stream())
        .flatMap(
            build ->
                of(
                    "build_ended",
                    details -> LenientJson.text(details.path("buildId")).orElse("").equals(build)));
  }

  private Optional<String> imageNotPulled() {
    return of("image_pull_failed", _ -> true)
        .flatMap(details -> LenientJson.text(details.path("message")).stream())
        .map(message -> "the image was not pulled: " + message)
        .findFirst();
  }

  private Stream<JsonNode> of(String type, Predicate<JsonNode> filter) {
    return all.stream()
        .filter(event -> LenientJson.text(event.path("type")).orElse("").equals(type))
        .map(event -> event.path("details"))
        .filter(filter);
  }

  private static boolean isOf(JsonNode details, String deployId) {
    return LenientJson.text(details.path("deployId")).orElse("").equals(deployId);
  }

  private static Optional<String> words(JsonNode failure) {
    if (failure.path("nonZeroExit").isIntegralNumber()) {
      return Optional.of("exited with status " + failure.path("nonZeroExit").asLong());
    }
    if (failure.path("oomKilled").isObject()) {
      return Optional.of(
          "ran out of memory"
              + LenientJson.text(failure.path("oomKilled").path("memoryLimit"))
                  .map(limit -> " (limit " + limit + ")")
                  .orElse(""));
    }
    if (failure.path("timedOutSeconds").isIntegralNumber()) {
      return Optional.of(
          "timed out after "
              + failure.path("timedOutSeconds").asLong()
              + " s"
              + LenientJson.text(failure.path("timedOutReason"))
                  .map(why -> " (" + why + ")")
                  .orElse(""));
    }
    return LenientJson.text(failure.path("unhealthy"))
        .map(why -> "unhealthy: " + why)
        .or(() -> flag(failure, "earlyExit", "exited early"))
        .or(() -> flag(failure, "evicted", "was evicted"));
  }

  private static Optional<String> flag(JsonNode failure, String name, String words) {
    JsonNode flag = failure.path(name);
    return flag.isBoolean() && flag.booleanValue() ? Optional.of(words) : Optional.empty();
  }
}
