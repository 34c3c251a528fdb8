package dev.slipway.targets.render;

import java.time.Instant;

/** How a deploy was asked for, in Render's words and in ours. */
enum DeployTrigger {
  HOOK("deploy_hook", "hook"),
  API("api", "api");

  private final String word;
  private final String prefix;

  DeployTrigger(String word, String prefix) {
    this.word = word;
    this.prefix = prefix;
  }

  String code() {
    return word;
  }

  /** The id to keep for a deploy that was accepted without one. */
  String pending(Instant sent) {
    return prefix + ":" + sent.toEpochMilli();
  }
}
