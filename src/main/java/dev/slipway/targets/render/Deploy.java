package dev.slipway.targets.render;

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
record Deploy(
    String id,
    @Nullable String status,
    @Nullable String trigger,
    @Nullable String commit,
    @Nullable String image,
    @Nullable String imageDigest,
    @Nullable Instant createdAt) {
  private static final Pattern ID = Pattern.compile("dep-[A-Za-z0-9_-]{1,80}");

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The id in a field, unless it is missing or not one of a deploy. */
  static Optional<String> idIn(JsonNode field) {
    return Fields.text(field).filter(Deploy::isId);
  }

  static Optional<Deploy> from(JsonNode json) {
    return idIn(json.path("id"))
        .map(
            id ->
                new Deploy(
                    id,
                    Fields.text(json.path("status")).orElse(null),
                    Fields.text(json.path("trigger")).orElse(null),
                    Fields.text(json.path("commit").path("id")).orElse(null),
                    Fields.text(json.path("image").path("ref")).orElse(null),
                    Fields.text(json.path("image").path("sha")).orElse(null),
                    Fields.instant(json.path("createdAt"))));
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
