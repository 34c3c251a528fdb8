package dev.slipway.targets;

import dev.slipway.model.Attempt;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Callbacks that a test brings about. */
public final class FakeCallbacks implements Callbacks {
  public static final String KEY = "callback-key-hush";

  private final Map<String, String> received = new ConcurrentHashMap<>();

  /** The body comes for the attempt. */
  public void receive(Attempt attempt, String body) {
    received.put(attempt.id(), body);
  }

  @Override
  public Callback of(Attempt attempt) {
    return new Callback(
        URI.create("https://slipway.example/callbacks/" + attempt.id() + "/" + KEY), KEY);
  }

  @Override
  public Optional<String> received(Attempt attempt) {
    return Optional.ofNullable(received.get(attempt.id()));
  }
}
