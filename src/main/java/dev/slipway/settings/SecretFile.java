package dev.slipway.settings;

import dev.slipway.secret.SafeExcerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file that holds one secret. */
final class SecretFile {
  private SecretFile() {}

  /** Reads the text without the one line end that editors add; empty when that is a problem. */
  static Optional<String> read(String setting, String name, SettingProblems problems) {
    // The secret itself may stand where the file's name should
    String shown = SafeExcerpt.ofPath(name);
    try {
      Path file = Path.of(name);
      String text = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
      FilePermissions.problem(file).ifPresent(problem -> problems.warn(setting + ": " + problem));
      if (text.isEmpty()) {
        problems.add(setting, "the file " + shown + " is empty");
      }
      return Optional.of(text).filter(secret -> !secret.isEmpty());
    } catch (IOException e) {
      problems.add(
          setting,
          "the file %s cannot be read as UTF-8 text (%s)"
              .formatted(shown, e.getClass().getSimpleName()));
      return Optional.empty();
    }
  }
}
