package dev.slipway.targets.render;

import java.util.Locale;
import java.util.Optional;

/** Whether Render throws its build cache away before it builds. */
public enum ClearCache {
  CLEAR,
  DO_NOT_CLEAR;

  /** Reads both spellings in use; empty for anything else, which is an error and not a default. */
  public static Optional<ClearCache> parse(String text) {
    return switch (text) {
      case "true", "clear" -> Optional.of(CLEAR);
      case "false", "do_not_clear" -> Optional.of(DO_NOT_CLEAR);
      default -> Optional.empty();
    };
  }

  /** The word of Render's API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
