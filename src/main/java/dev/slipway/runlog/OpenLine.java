package dev.slipway.runlog;

import dev.slipway.secret.PrivateKeyFilter;
import dev.slipway.secret.Redactor;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The line that is being written. Keeps colour codes beside the text, so that they cannot hide a
 * secret from the redactor, and hands out a long line in pieces.
 */
final class OpenLine {
  /** The longest text of a piece, in characters. */
  static final int PIECE = 8 * 1024;

  private static final int MOST_CODES = 8 * 1024;
  private static final String RESET = "\u001b[0m";

  private record Code(int at, String code) {}

  private final Redactor redactor;
  private final Consumer<String> lines;
  private final PrivateKeyFilter privateKey = new PrivateKeyFilter();
  private final int window;
  private final StringBuilder text = new StringBuilder();
  private final BitSet hidden = new BitSet();
  private final List<Code> codes = new ArrayList<>();
  private int codesLength;
  private boolean returned;
  private boolean continued;

  OpenLine(Redactor redactor, Consumer<String> lines) {
    this.redactor = redactor;
    this.lines = lines;
    this.window = PIECE + redactor.lookAhead();
  }

  void put(char c) {
    if (returned) {
      writeOver();
    }
    text.append(c);
    if (text.length() >= window) {
      hideSecrets(text.toString());
      emitPiece();
    }
  }

  /** Takes so many characters out of the buffer. */
  void put(CharBuffer from, int count) {
    if (returned) {
      writeOver();
    }
    int left = count;
    while (left > 0) {
      int some = Math.min(left, window - text.length());
      text.append(from.array(), from.arrayOffset() + from.position(), some);
      from.position(from.position() + some);
      left -= some;
      if (text.length() >= window) {
        hideSecrets(text.toString());
        emitPiece();
      }
    }
  }

  void style(String code) {
    if (codesLength + code.length() <= MOST_CODES) {
      codes.add(new Code(text.length(), code));
      codesLength += code.length();
    } else if (codesLength <= MOST_CODES) {
      codes.add(new Code(text.length(), RESET));
      codesLength = MOST_CODES + 1;
    }
  }

  /** A carriage return: further text overwrites the line, but the line may also end here. */
  void carriageReturn() {
    returned = true;
  }

  /** Emits the line, even if it is empty. */
  void end() {
    String line = text.toString();
    hideSecrets(line);
    hidden.set(0, privateKey.hiddenOf(line));
    while (text.length() > PIECE) {
      emitPiece();
    }
    if (!text.isEmpty() || !continued) {
      emit(text.length());
    }
    clear();
    codes.clear();
    codesLength = 0;
  }

  /** Emits the text of a line that was not ended. */
  void endIfBegun() {
    if (!text.isEmpty()) {
      end();
    }
  }

  private void clear() {
    text.setLength(0);
    hidden.clear();
    returned = false;
    continued = false;
  }

  /** The text goes, the colours that it set stay, as on a terminal. */
  private void writeOver() {
    Set<String> active = new LinkedHashSet<>();
    for (Code code : codes) {
      if (code.code().equals(RESET) || code.code().equals("\u001b[m")) {
        active.clear();
      }
      active.remove(code.code());
      active.add(code.code());
    }
    clear();
    codes.clear();
    codesLength = 0;
    active.forEach(this::style);
  }

  private void hideSecrets(String line) {
    redactor.find(line).forEach(span -> hidden.set(span.from(), span.to()));
  }

  private void emitPiece() {
    int length = Character.isHighSurrogate(text.charAt(PIECE - 1)) ? PIECE - 1 : PIECE;
    emit(length);
    continued = true;
    text.delete(0, length);
    BitSet rest = hidden.get(length, Math.max(length, hidden.length()));
    hidden.clear();
    hidden.or(rest);
    List<Code> later = codes.stream().filter(code -> code.at() >= length).toList();
    codes.clear();
    codesLength = 0;
    for (Code code : later) {
      codes.add(new Code(code.at() - length, code.code()));
      codesLength += code.code().length();
    }
  }

  /** Codes at the end go with the last piece. */
  private void emit(int length) {
    if (codes.isEmpty() && hidden.isEmpty()) {
      lines.accept(text.substring(0, length));
      return;
    }
    StringBuilder piece = new StringBuilder(length);
    int code = 0;
    for (int i = 0; i < length; i++) {
      code = appendCodes(piece, code, i);
      if (!hidden.get(i)) {
        piece.append(text.charAt(i));
      } else if (i == 0 || !hidden.get(i - 1)) {
        piece.append(Redactor.MASK);
      }
    }
    if (length == text.length()) {
      appendCodes(piece, code, length);
    }
    lines.accept(piece.toString());
  }

  private int appendCodes(StringBuilder piece, int next, int at) {
    int code = next;
    while (code < codes.size() && codes.get(code).at() <= at) {
      piece.append(codes.get(code++).code());
    }
    return code;
  }
}
