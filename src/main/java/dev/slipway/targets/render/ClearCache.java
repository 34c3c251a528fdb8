package dev.slipway.targets.render;

import java.util.Optional;

/** Whether Render throws its build cache away before it builds. */
public enum ClearCache {
  CLEAR("clear"),
  DO_NOT_CLEAR("do_not_clear");

  private final String code;

  ClearCache(String code) {
    this.code = code;
  }

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
    return code;
  }
}
