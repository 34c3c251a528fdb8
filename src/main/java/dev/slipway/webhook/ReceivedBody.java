package dev.slipway.webhook;

import java.time.Duration;

/** The result of receiving a body. */
sealed interface ReceivedBody {
  /** GitHub waits ten seconds for a response: a body that is later than this is of no use. */
  Duration TIME_LIMIT = Duration.ofSeconds(8);

  /** All of it. The receiver closes it. */
  record Whole(BodyBytes bytes) implements ReceivedBody {}

  /** Not all of it came. */
  sealed interface Failed extends ReceivedBody {}

  /** More than GitHub would send. */
  record TooLarge() implements Failed {}

  /** It was given up because memory was short and it had been under way for longest. */
  record Dropped() implements Failed {}

  /** The sender closed the connection before its end. */
  record CutOff() implements Failed {}

  /** Not all of it had arrived within the time limit. */
  record TooSlow() implements Failed {}
}
