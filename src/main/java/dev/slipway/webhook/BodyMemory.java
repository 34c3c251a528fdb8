package dev.slipway.webhook;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory that all bodies share. Pieces double with a body, so a small one takes little and a
 * large one few. Not safe for use by many threads: its owner locks.
 */
final class BodyMemory {
  /** Memory for all bodies together. */
  static final int BUDGET = 32 * 1024 * 1024;

  private static final int LEAST_PIECE = 1024;
  private static final int PIECE = 64 * 1024;

  /** Bodies over one piece leave this to the small ones; the largest still fits beside it. */
  private static final int FOR_SMALL = 4 * 1024 * 1024;

  private final List<byte[]> spare = new ArrayList<>();
  private int inUse;

  /** The bytes that bodies have. */
  int inUse() {
    return inUse;
  }

  /** Gives a body memory for so many bytes more; nothing and false if there is not enough. */
  boolean allocate(BodyBytes bytes, int more) {
    int need = bytes.size() + more - bytes.memory();
    if (need <= 0) {
      return true;
    }
    List<Integer> lengths = new ArrayList<>(1);
    int sum = 0;
    while (sum < need) {
      int length = Math.clamp(Math.max(bytes.memory() + sum, need - sum), LEAST_PIECE, PIECE);
      lengths.add(length);
      sum += length;
    }
    int most = bytes.memory() + sum <= PIECE ? BUDGET : BUDGET - FOR_SMALL;
    if (inUse + sum > most) {
      return false;
    }
    inUse += sum;
    lengths.forEach(length -> bytes.addPiece(piece(length)));
    while (!spare.isEmpty() && inUse + spare.size() * PIECE > BUDGET) {
      byte[] _ = spare.removeLast();
    }
    return true;
  }

  private byte[] piece(int length) {
    return length == PIECE && !spare.isEmpty() ? spare.removeLast() : new byte[length];
  }

  /** Takes all memory of a body back. */
  void release(BodyBytes bytes) {
    inUse -= bytes.memory();
    bytes.removePieces().stream().filter(piece -> piece.length == PIECE).forEach(spare::add);
  }
}
