package dev.slipway.targets.render;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The id under which an accepted deploy is followed, as text that is kept for ever. */
sealed interface RenderDeployId {
  Pattern PENDING = Pattern.compile("(hook|api):(\\d{1,15})");

  /** Render's own id of the deploy. */
  record Known(String id) implements RenderDeployId {}

  /**
   * Accepted without an id: the deploy is the oldest of ours that was created after {@code sent}.
   */
  record Pending(Instant sent) implements RenderDeployId {}

  /** Text that no Render target has ever given out. */
  record Invalid() implements RenderDeployId {}

  /** The text for a deploy that was accepted without an id. */
  static String pending(RenderDeploy.Trigger trigger, Instant sent) {
    String prefix =
        switch (trigger) {
          case HOOK -> "hook";
          case API, ROLLBACK -> "api";
        };
    return prefix + ":" + sent.toEpochMilli();
  }

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
