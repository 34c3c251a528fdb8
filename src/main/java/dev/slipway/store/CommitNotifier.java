package dev.slipway.store;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes threads of this process when something was committed, so that nobody has to poll often. It
 * is only a hint: what other replicas commit does not ring here, so every wait has a limit.
 */
public final class CommitNotifier {
  /** Signalled when a run joins or leaves a queue. */
  public static final String QUEUE = "queue";

  /** Signalled when a status is to be posted. */
  public static final String OUTBOX = "outbox";

  /** Never signalled: for who only looks now and then. */
  public static final String NOTHING = "nothing";

  private final Map<String, Set<Subscription>> listeners = new ConcurrentHashMap<>();

  /** The topic of one deployment's page: its log, its facts, its statuses. */
  public static String deployment(long id) {
    return "deployment/" + id;
  }

  /** Starts to listen; what rings from now on is not missed. */
  public Subscription subscribe(String topic) {
    Subscription listener = new Subscription(topic);
    listeners.compute(
        topic,
        (_, known) -> {
          Set<Subscription> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(listener);
          return all;
        });
    return listener;
  }

  void signal(String topic) {
    listeners.getOrDefault(topic, Set.of()).forEach(listener -> listener.rung.release());
  }

  /** Hears one topic until it is closed. */
  public final class Subscription implements AutoCloseable {
    private final String topic;
    private final Semaphore rung = new Semaphore(0);

    private Subscription(String topic) {
      this.topic = topic;
    }

    /**
     * Waits for a ring since the last call, at most so long.
     *
     * @return whether it rang
     */
    public boolean await(Duration limit) throws InterruptedException {
      boolean heard = rung.tryAcquire(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS);
      rung.drainPermits();
      return heard;
    }

    @Override
    public void close() {
      listeners.computeIfPresent(
          topic,
          (_, known) -> {
            known.remove(this);
            return known.isEmpty() ? null : known;
          });
    }
  }
}
