package dev.slipway.targets.render;

import dev.slipway.http.JsonCodec;
import dev.slipway.targets.LenientJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far Render's log of a deploy was read. Its text is kept with the lines.
 *
 * @param part what is read
 * @param from the time of the last line, or where the next page begins
 * @param seen the lines at that time or later that were read, by id
 */
record RenderLogCursor(Part part, Instant from, List<String> seen) {
  /** What is read, in this order. */
  enum Part {
    BUILD("build"),
    /** The service's own lines, and those of the build that came late. */
    APP("app"),
    /** Nothing is left to read. */
    DONE("done");

    private final String code;

    Part(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }

    /** Render's words for the types of its lines. */
    List<String> types() {
      return switch (this) {
        case BUILD -> List.of("build");
        case APP -> List.of("build", "app");
        case DONE -> List.of();
      };
    }
  }

  RenderLogCursor {
    seen = List.copyOf(seen);
  }

  /** Where the log of a deploy begins. */
  static RenderLogCursor begin(Instant created) {
    return new RenderLogCursor(Part.BUILD, created, List.of());
  }

  /** Text of ours; that of another version, which cannot be read, leaves nothing to do. */
  static RenderLogCursor parse(String text) {
    JsonNode json = JsonCodec.read(text);
    String code = json.path("part").asString("");
    Instant from = LenientJson.instant(json.path("from"));
    Part part =
        Stream.of(Part.values())
            .filter(one -> one.code().equals(code))
            .findFirst()
            .orElse(Part.DONE);
    return from == null
        ? new RenderLogCursor(Part.DONE, Instant.EPOCH, List.of())
        : new RenderLogCursor(part, from, seen(json));
  }

  private static List<String> seen(JsonNode json) {
    List<String> ids = new ArrayList<>();
    json.path("seen").forEach(id -> ids.add(id.asString("")));
    return ids;
  }

  String text() {
    ObjectNode json = JsonCodec.object().put("part", part.code()).put("from", from.toString());
    seen.forEach(json.putArray("seen")::add);
    return json.toString();
  }

  /** The next part, from where this one ended. */
  RenderLogCursor next(Part later) {
    return new RenderLogCursor(later, from, seen);
  }

  /**
   * Behind a page.
   *
   * @param next where Render says that the next page begins; null when there is none
   */
  RenderLogCursor after(List<RenderLogRow> rows, @Nullable Instant next) {
    Instant last = rows.stream().map(RenderLogRow::at).reduce(from, (_, later) -> later);
    // Render may say less than what was just read
    Instant begin = next == null || next.isBefore(last) ? last : next;
    boolean isStuck =
        next != null
            && !begin.isAfter(from)
            && rows.stream().allMatch(row -> seen.contains(row.id()));
    if (isStuck) {
      begin = from.plus(Duration.ofMillis(1));
    }
    Instant edge = begin;
    return new RenderLogCursor(
        part,
        begin,
        Stream.concat(
                isStuck || begin.equals(from) ? seen.stream() : Stream.empty(),
                rows.stream().filter(row -> !row.at().isBefore(edge)).map(RenderLogRow::id))
            .distinct()
            .toList());
  }
}
