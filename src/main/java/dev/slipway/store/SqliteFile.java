package dev.slipway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What can be told of an SQLite file before it is opened. */
final class SqliteFile {
  private static final int HEADER = 100;
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** Where the header of the format has what is read here. */
  private static final int PAGE_SIZE = 16;

  private static final int CHANGES = 24;
  private static final int PAGES = 28;
  private static final int PAGES_VALID_FOR = 92;

  private SqliteFile() {}

  /**
   * Refuses what is no database, or only the beginning of one, as a copy that was broken off leaves
   * it. SQLite calls both malformed. An empty file is one that nothing was written to as yet; where
   * there is a log or a journal beside the file, that may have the rest.
   */
  static void requireWhole(Path file) throws IOException {
    if (Files.size(file) == 0 || hasBeside(file, "-wal") || hasBeside(file, "-journal")) {
      return;
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (header.hasRemaining() && channel.read(header) >= 0) {
        // A read may bring less than there is
      }
    }
    if (header.hasRemaining() || !header.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new StoreException(
          "it is no SQLite database, or not a whole one: put a whole copy in its place");
    }
    long whole = pageSize(header) * Integer.toUnsignedLong(header.getInt(PAGES));
    // Behind the header, for a server may let it grow meanwhile
    long size = Files.size(file);
    boolean isKnown = header.getInt(CHANGES) == header.getInt(PAGES_VALID_FOR);
    if (isKnown && size < whole) {
      throw new StoreException(
          "only %d of its %d bytes are there: put a whole copy in its place"
              .formatted(size, whole));
    }
  }

  private static boolean hasBeside(Path file, String suffix) {
    // Zero where there is none, or none any more
    return file.resolveSibling(file.getFileName() + suffix).toFile().length() > 0;
  }

  /** The largest does not fit into two bytes, and is written as 1. */
  private static long pageSize(ByteBuffer header) {
    int size = Short.toUnsignedInt(header.getShort(PAGE_SIZE));
    return size == 1 ? 65_536 : size;
  }
}
