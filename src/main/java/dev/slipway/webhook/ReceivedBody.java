package dev.slipway.webhook;

/** What came of receiving a body. */
sealed interface ReceivedBody {
  /** All of it. Whoever gets it closes it. */
  record Whole(BodyBytes bytes) implements ReceivedBody {}

  /** Not all of it came. */
  sealed interface Failed extends ReceivedBody {}

  /** More than GitHub would send. */
  record TooLarge() implements Failed {}

  /** It had to go, as memory was short and it had been under way for longest. */
  record Dropped() implements Failed {}

  /** The sender went away before its end. */
  record CutOff() implements Failed {}

  /** Not all of it had come within the limit. */
  record TooSlow() implements Failed {}
}
