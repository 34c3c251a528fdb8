package dev.slipway.targets.qovery;

import dev.slipway.http.JsonCodec;
import dev.slipway.targets.LenientJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How far Qovery's log of a deploy was read. Its lines have no ids, so it counts. Its text is kept
 * with the lines.
 *
 * @param executionId the deploy
 * @param last the time of the last line
 * @param count how many lines of that time were read
 */
record QoveryLogCursor(String executionId, Instant last, long count) {
  /** Where the log of a deploy begins. */
  static QoveryLogCursor begin(String executionId) {
    return new QoveryLogCursor(executionId, Instant.MIN, 0);
  }

  /** Text of ours; of another deploy, or of another version of Slipway, it is the beginning. */
  static QoveryLogCursor parse(Optional<String> text, String executionId) {
    JsonNode json = text.map(JsonCodec::read).orElseGet(JsonCodec::object);
    Instant last = LenientJson.instant(json.path("last"));
    return last == null || !json.path("execution").asString("").equals(executionId)
        ? begin(executionId)
        : new QoveryLogCursor(executionId, last, json.path("count").asLong(0));
  }

  String text() {
    return JsonCodec.object()
        .put("execution", executionId)
        .put("last", last.toString())
        .put("count", count)
        .toString();
  }

  /** What of these was not read, oldest first. */
  List<QoveryLogRow> unread(List<QoveryLogRow> rows) {
    long read = rows.stream().filter(row -> row.at().equals(last)).limit(count).count();
    return rows.stream().filter(row -> !row.at().isBefore(last)).skip(read).toList();
  }

  /** Behind lines that were not read before, of which there are some. */
  QoveryLogCursor after(List<QoveryLogRow> rows) {
    Instant newest = rows.getLast().at();
    long same = rows.stream().filter(row -> row.at().equals(newest)).count();
    return new QoveryLogCursor(executionId, newest, newest.equals(last) ? count + same : same);
  }
}
