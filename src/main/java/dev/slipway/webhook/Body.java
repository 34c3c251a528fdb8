package dev.slipway.webhook;

/** What came of receiving a body. */
sealed interface Body {
  /** All of it. Whoever gets it closes it. */
  record Whole(Bytes bytes) implements Body {}

  /** More than GitHub would send. */
  record TooLarge() implements Body {}

  /** It had to go, as memory was short and it had been under way for longest. */
  record Dropped() implements Body {}

  /** The sender went away before its end. */
  record CutOff() implements Body {}

  /** Not all of it had come within the limit. */
  record TooSlow() implements Body {}
}
