package dev.slipway.targets;

import dev.slipway.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What the targets of a server share. */
public final class TargetParts {
  private final ProviderCalls calls;
  private final Time time;
  private final Callbacks callbacks;
  private final AcceptedDeploys accepted;
  private final Map<Class<?>, Object> shared = new ConcurrentHashMap<>();

  public TargetParts(
      ProviderCalls calls, Time time, Callbacks callbacks, AcceptedDeploys accepted) {
    this.calls = calls;
    this.time = time;
    this.callbacks = callbacks;
    this.accepted = accepted;
  }

  public ProviderCalls calls() {
    return calls;
  }

  public Time time() {
    return time;
  }

  public Callbacks callbacks() {
    return callbacks;
  }

  public AcceptedDeploys accepted() {
    return accepted;
  }

  /** The one part of this class that targets of a room share; made when it is first asked for. */
  public <T> T shared(Class<T> type, Supplier<T> maker) {
    return type.cast(shared.computeIfAbsent(type, _ -> maker.get()));
  }
}
