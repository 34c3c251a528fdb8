package dev.slipway.page;

import dev.slipway.runlog.RunLog;
import dev.slipway.store.Logs;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;

/** Parts of a log that end at line ends. */
final class LogWindow {
  private static final int PIECE = 256 * 1024;
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;:]*+m");

  private LogWindow() {}

  /** About so many of the last bytes before an offset, from the start of a line on. */
  static Logs.Piece tail(RunLog log, long deploymentId, long before, int limit) {
    long from = Math.max(0, before - limit);
    Logs.Piece piece = upTo(log.read(deploymentId, from, (int) (before - from)), before);
    if (from == 0 || piece.text().isEmpty()) {
      return piece;
    }
    // Counted from the end: the first character may be a part of one
    String text = piece.text().substring(piece.text().indexOf('\n') + 1);
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    return new Logs.Piece(piece.next() - size, text, piece.next());
  }

  private static Logs.Piece upTo(Logs.Piece piece, long before) {
    if (piece.next() <= before) {
      return piece;
    }
    byte[] bytes = piece.text().getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.max(0, bytes.length - (piece.next() - before));
    return new Logs.Piece(
        piece.start(), new String(bytes, 0, length, StandardCharsets.UTF_8), before);
  }

  /** The whole log without colours, read piece by piece as the browser takes it. */
  static Flux<String> all(RunLog log, long deploymentId) {
    return Flux.generate(
        () -> 0L,
        (offset, sink) -> {
          Logs.Piece piece = log.read(deploymentId, offset, PIECE);
          if (piece.text().isEmpty()) {
            sink.complete();
          } else {
            sink.next(COLOUR.matcher(piece.text()).replaceAll(""));
          }
          return piece.next();
        });
  }
}
