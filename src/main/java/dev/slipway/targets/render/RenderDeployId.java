package dev.slipway.targets.render;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The id that is kept for an accepted deploy, read again. */
sealed interface RenderDeployId {
  Pattern PENDING = Pattern.compile("(hook|api):(\\d{1,15})");

  /** Render's own id of the deploy. */
  record Known(String id) implements RenderDeployId {}

  /**
   * Accepted without an id: the deploy is the oldest of ours that was created after {@code sent}.
   */
  record Pending(Instant sent) implements RenderDeployId {}

  /** Nothing that either way to deploy has ever given out. */
  record Invalid() implements RenderDeployId {}

  static RenderDeployId parse(String id) {
    if (RenderDeploy.isId(id)) {
      return new Known(id);
    }
    Matcher pending = PENDING.matcher(id);
    return pending.matches()
        ? new Pending(Instant.ofEpochMilli(Long.parseLong(pending.group(2))))
        : new Invalid();
  }
}
