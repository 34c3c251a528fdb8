package dev.slipway.model;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** How a deployment ended. A deployment has exactly one. */
public sealed interface End {
  /** One sentence for the final status; may be longer than GitHub shows. */
  String reason();

  /**
   * The provider says that the deploy is live.
   *
   * @param environmentUrl where the result can be seen, if the provider told us
   */
  record Succeeded(@Nullable URI environmentUrl, String reason) implements End {}

  /** Your deploy ran and failed. */
  record Failed(String reason) implements End {}

  /** Our machinery could not run or follow the deploy, or its outcome is unknown. */
  record Errored(String reason) implements End {}

  /** Somebody called the deploy off. */
  record Cancelled(String reason) implements End {}

  /** A newer deployment took this one's place before it started, or while it ran. */
  record Superseded(String reason) implements End {}
}
