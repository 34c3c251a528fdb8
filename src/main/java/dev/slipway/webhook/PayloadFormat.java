package dev.slipway.webhook;

import java.util.Locale;
import java.util.Optional;

/** The two formats in which GitHub sends an event. */
enum PayloadFormat {
  JSON,
  FORM;

  /** The format of a {@code Content-Type}; empty unless it is one of them in UTF-8. */
  static Optional<PayloadFormat> of(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", 2);
    if (parts.length == 2 && parts[1].contains("charset") && !parts[1].contains("utf-8")) {
      return Optional.empty();
    }
    return switch (parts[0].strip()) {
      case "application/json" -> Optional.of(JSON);
      case "application/x-www-form-urlencoded" -> Optional.of(FORM);
      default -> Optional.empty();
    };
  }
}
