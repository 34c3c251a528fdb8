package dev.slipway.targets.render;

import dev.slipway.targets.LenientJson;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A one-off job as Render describes it; of all this only the id is sure to be there.
 *
 * @param id known to be safe as a piece of a path
 */
record RenderJobRun(
    String id, @Nullable String status, @Nullable String command, @Nullable Instant createdAt) {
  private static final Pattern ID = Pattern.compile("job-[A-Za-z0-9_-]{1,80}");

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  static Optional<RenderJobRun> from(JsonNode json) {
    return LenientJson.text(json.path("id"))
        .filter(RenderJobRun::isId)
        .map(
            id ->
                new RenderJobRun(
                    id,
                    LenientJson.text(json.path("status")).orElse(null),
                    LenientJson.text(json.path("startCommand")).orElse(null),
                    LenientJson.instant(json.path("createdAt"))));
  }

  /** What Render leaves out cannot speak against a job: to overlook ours would run it twice. */
  boolean mayBe(String wanted, Instant since) {
    return (command == null || command.equals(wanted))
        && (createdAt == null || !createdAt.isBefore(since));
  }
}
