package dev.slipway.targets.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells whether a file exists. */
final class FileProbe {
  private FileProbe() {}

  /**
   * Whether the file exists; a link to nothing does not. Unlike {@link Files#exists} this tells
   * trouble from absence, and unlike reading it makes no exception for a file that is absent, which
   * many are whenever a command starts or ends.
   *
   * @throws IOException when it cannot be known
   */
  static boolean exists(Path file) throws IOException {
    return file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class)
        != null;
  }
}
