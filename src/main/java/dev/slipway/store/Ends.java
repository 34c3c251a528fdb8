package dev.slipway.store;

import dev.slipway.model.End;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The words under which ends are kept. */
final class Ends {
  private Ends() {}

  static String word(End end) {
    return switch (end) {
      case End.Succeeded _ -> "succeeded";
      case End.Failed _ -> "failed";
      case End.Errored _ -> "errored";
      case End.Cancelled _ -> "cancelled";
      case End.Superseded _ -> "superseded";
    };
  }

  static @Nullable URI url(End end) {
    return end instanceof End.Succeeded(URI environmentUrl, _) ? environmentUrl : null;
  }

  static End read(String word, String reason, @Nullable URI url) {
    return switch (word) {
      case "succeeded" -> new End.Succeeded(url, reason);
      case "failed" -> new End.Failed(reason);
      case "errored" -> new End.Errored(reason);
      case "cancelled" -> new End.Cancelled(reason);
      case "superseded" -> new End.Superseded(reason);
      default -> throw new IllegalStateException("unknown end in the database: " + word);
    };
  }
}
