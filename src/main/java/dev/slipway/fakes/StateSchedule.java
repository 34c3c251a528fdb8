package dev.slipway.fakes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The states that a deploy goes through as time passes. Safe for use by many threads. */
public interface StateSchedule {
  /** The state after this time. */
  String stateAfter(Duration elapsed);

  /** How long the deploy takes to its last state; empty as long as nobody knows. */
  Optional<Duration> length();

  /** A state and how long it lasts. */
  record Stage(String state, Duration lasts) {}

  /** Goes through stages and stays in the last state for good. */
  static StateSchedule of(List<Stage> stages, String last) {
    return new Stages(stages, last);
  }

  /** Stays in one state and never ends. */
  static StateSchedule endless(String state) {
    return new Endless(state);
  }

  /** A schedule of which everything is known. */
  record Stages(List<Stage> stages, String last) implements StateSchedule {
    public Stages {
      stages = List.copyOf(stages);
    }

    @Override
    public String stateAfter(Duration elapsed) {
      Duration until = Duration.ZERO;
      for (Stage stage : stages) {
        until = until.plus(stage.lasts());
        if (elapsed.compareTo(until) < 0) {
          return stage.state();
        }
      }
      return last;
    }

    @Override
    public Optional<Duration> length() {
      return Optional.of(stages.stream().map(Stage::lasts).reduce(Duration.ZERO, Duration::plus));
    }
  }

  /** A schedule without an end. */
  record Endless(String state) implements StateSchedule {
    @Override
    public String stateAfter(Duration elapsed) {
      return state;
    }

    @Override
    public Optional<Duration> length() {
      return Optional.empty();
    }
  }
}
