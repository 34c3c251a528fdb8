package dev.slipway.runlog;

import dev.slipway.secret.Redactor;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes lines of the bytes of a command or a build, cut anywhere. A line that comes out holds no
 * secret, no newline, and no control or escape sequence but tabs and SGR codes. Text that a
 * progress bar overwrote is left out. A long line comes in pieces of at most 8,192 characters of
 * text.
 *
 * <p>The lines depend on the bytes only, not on how they were cut. Needs a few tens of kilobytes
 * for any output. Not safe for use by several threads.
 */
final class LineAssembler {
  private static final int BUFFER = 8 * 1024;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  // Most runs have no output for most of their time, and ten thousand may be followed
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private CharBuffer chars = CharBuffer.allocate(0);
  private final OpenLine line;
  private final EscapeStripper escapes;

  LineAssembler(Redactor redactor, Consumer<String> lines) {
    this.line = new OpenLine(redactor, lines);
    this.escapes = new EscapeStripper(line);
  }

  void write(byte[] from, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, from.length);
    if (bytes.capacity() == 0 && length > 0) {
      bytes = ByteBuffer.allocate(BUFFER);
      chars = CharBuffer.allocate(BUFFER);
    }
    int next = offset;
    while (next < offset + length) {
      int count = Math.min(bytes.remaining(), offset + length - next);
      bytes.put(from, next, count);
      next += count;
      decode(false);
    }
  }

  /**
   * Emits the last line, if it was not ended. Only for the end of the output: half a secret cannot
   * be recognised.
   */
  void flush() {
    if (bytes.capacity() == 0) {
      return;
    }
    decode(true);
    decoder.reset();
    escapes.reset();
    line.endIfBegun();
  }

  /** Gives the buffers back until the next output, unless half a character is in them. */
  void rest() {
    if (bytes.position() == 0) {
      bytes = ByteBuffer.allocate(0);
      chars = CharBuffer.allocate(0);
    }
  }

  private void decode(boolean last) {
    bytes.flip();
    decoder.decode(bytes, chars, last);
    bytes.compact();
    chars.flip();
    while (chars.hasRemaining()) {
      int plain = escapes.isInText() ? plain() : 0;
      if (plain > 0) {
        line.put(chars, plain);
      } else {
        escapes.accept(chars.get());
      }
    }
    chars.clear();
  }

  /** The number of next characters that go into the line unchanged, in any state of the line. */
  private int plain() {
    int from = chars.position();
    int at = from;
    while (at < chars.limit() && EscapeStripper.isPlain(chars.get(at))) {
      at++;
    }
    return at - from;
  }
}
