package dev.slipway.webhook;

import io.micronaut.core.io.buffer.ReadBuffer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A body in pieces of memory that belong to a budget; closing releases them. */
final class BodyBytes implements AutoCloseable {
  private final List<byte[]> pieces = new ArrayList<>(1);
  private final Consumer<BodyBytes> release;
  private int memory;
  private int size;
  private int filling;
  private int at;

  BodyBytes(Consumer<BodyBytes> release) {
    this.release = release;
  }

  /** Adds a piece of memory to fill. */
  void addPiece(byte[] piece) {
    pieces.add(piece);
    memory += piece.length;
  }

  /** Removes all pieces; the body is empty then. */
  List<byte[]> removePieces() {
    List<byte[]> removed = List.copyOf(pieces);
    pieces.clear();
    memory = 0;
    size = 0;
    return removed;
  }

  /** The number of bytes that were put in. */
  int size() {
    return size;
  }

  /** The bytes of memory that it has, filled or not. */
  int memory() {
    return memory;
  }

  /** Puts a buffer's bytes in and closes it; there has to be memory for them. */
  void put(ReadBuffer buffer) {
    try (buffer) {
      for (int left = buffer.readable(); left > 0; left = buffer.readable()) {
        if (at == pieces.get(filling).length) {
          filling++;
          at = 0;
        }
        int some = Math.min(left, pieces.get(filling).length - at);
        try (ReadBuffer part = buffer.split(some)) {
          part.toArray(pieces.get(filling), at);
        }
        at += some;
        size += some;
      }
    }
  }

  /** The bytes piece by piece; not to be read after the body was closed. */
  List<ByteBuffer> pieces() {
    List<ByteBuffer> filled = new ArrayList<>(pieces.size());
    int left = size;
    for (int i = 0; left > 0; i++) {
      int length = Math.min(pieces.get(i).length, left);
      filled.add(ByteBuffer.wrap(pieces.get(i), 0, length));
      left -= length;
    }
    return filled;
  }

  /** The bytes from the first on; not to be read after the body was closed. */
  InputStream stream() {
    return new Stream();
  }

  /** Releases the memory; does nothing the second time. */
  @Override
  public void close() {
    release.accept(this);
  }

  private final class Stream extends InputStream {
    private int piece;
    private int from;
    private int left = size;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      if (from == pieces.get(piece).length) {
        piece++;
        from = 0;
      }
      int some = Math.min(length, Math.min(left, pieces.get(piece).length - from));
      System.arraycopy(pieces.get(piece), from, into, offset, some);
      from += some;
      left -= some;
      return some;
    }
  }
}
