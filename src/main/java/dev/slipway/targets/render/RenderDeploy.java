package dev.slipway.targets.render;

import dev.slipway.targets.LenientJson;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A deploy as Render describes it; of all this only the id is sure to be there.
 *
 * @param id known to be safe as a piece of a path
 */
record RenderDeploy(
    String id,
    @Nullable String status,
    @Nullable String trigger,
    @Nullable String commit,
    @Nullable String image,
    @Nullable String imageDigest,
    @Nullable Instant createdAt,
    @Nullable Instant finishedAt) {
  /** What asked for a deploy, in Render's words. */
  enum Trigger {
    HOOK("deploy_hook"),
    API("api"),
    ROLLBACK("rollback");

    private final String code;

    Trigger(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  private static final Pattern ID = Pattern.compile("dep-[A-Za-z0-9_-]{1,80}");

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The id in a field, unless it is missing or not one of a deploy. */
  static Optional<String> idIn(JsonNode field) {
    return LenientJson.text(field).filter(RenderDeploy::isId);
  }

  static Optional<RenderDeploy> from(JsonNode json) {
    return idIn(json.path("id"))
        .map(
            id ->
                new RenderDeploy(
                    id,
                    LenientJson.text(json.path("status")).orElse(null),
                    LenientJson.text(json.path("trigger")).orElse(null),
                    LenientJson.text(json.path("commit").path("id")).orElse(null),
                    LenientJson.text(json.path("image").path("ref")).orElse(null),
                    LenientJson.text(json.path("image").path("sha")).orElse(null),
                    LenientJson.instant(json.path("createdAt")),
                    LenientJson.instant(json.path("finishedAt"))));
  }

  /** Whether it is of another commit than the one wanted; false while either is not known. */
  boolean isOfAnotherCommit(@Nullable String wanted) {
    return wanted != null && commit != null && !same(wanted, commit);
  }

  private static boolean same(String wanted, String actual) {
    return actual.equalsIgnoreCase(wanted)
        || (wanted.length() >= 7 && actual.regionMatches(true, 0, wanted, 0, wanted.length()));
  }
}
