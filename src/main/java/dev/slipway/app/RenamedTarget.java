package dev.slipway.app;

import dev.slipway.model.Answer;
import dev.slipway.model.Attempt;
import dev.slipway.model.Finding;
import dev.slipway.model.Limits;
import dev.slipway.model.Place;
import dev.slipway.model.Sighting;
import dev.slipway.targets.Lines;
import dev.slipway.targets.Target;
import java.util.Optional;

/** A target under the name that its route gives it, for chains that hold two of a kind. */
record RenamedTarget(String name, Target target) implements Target {
  @Override
  public Optional<Place> place() {
    return target.place();
  }

  @Override
  public boolean isOnThisMachine() {
    return target.isOnThisMachine();
  }

  @Override
  public boolean isCommand() {
    return target.isCommand();
  }

  @Override
  public String destination() {
    return target.destination();
  }

  @Override
  public Limits limits() {
    return target.limits();
  }

  @Override
  public Answer start(Attempt attempt, Lines log) throws InterruptedException {
    return target.start(attempt, log);
  }

  @Override
  public Sighting poll(Attempt attempt, String id, Lines log) throws InterruptedException {
    return target.poll(attempt, id, log);
  }

  @Override
  public Finding find(Attempt attempt, Lines log) throws InterruptedException {
    return target.find(attempt, log);
  }

  @Override
  public String stop(Attempt attempt, String id, Lines log) throws InterruptedException {
    return target.stop(attempt, id, log);
  }
}
