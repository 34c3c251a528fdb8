package dev.slipway.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that holds one secret. */
final class SecretFile {
  private SecretFile() {}

  /** Its text without the one line end that editors add. */
  static Optional<String> read(String setting, Path file, Problems problems) {
    try {
      String text = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
      if (text.isEmpty()) {
        problems.add(setting, "the file " + file + " is empty");
      }
      return Optional.of(text).filter(secret -> !secret.isEmpty());
    } catch (IOException e) {
      problems.add(setting, "the file " + file + " cannot be read as UTF-8 text (" + e + ")");
      return Optional.empty();
    }
  }
}
