package dev.slipway.fakes;

import java.time.Duration;
import java.util.List;

/** The words that a deploy goes through as time passes, the last one for good. */
record StateSchedule(List<Leg> legs, String end) {
  /** A word and how long it holds. */
  record Leg(String word, Duration lasts) {}

  StateSchedule {
    legs = List.copyOf(legs);
  }

  String at(Duration elapsed) {
    Duration until = Duration.ZERO;
    for (Leg leg : legs) {
      until = until.plus(leg.lasts());
      if (elapsed.compareTo(until) < 0) {
        return leg.word();
      }
    }
    return end;
  }

  Duration total() {
    return legs.stream().map(Leg::lasts).reduce(Duration.ZERO, Duration::plus);
  }
}
