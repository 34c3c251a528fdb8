package dev.slipway.report;

import dev.slipway.halt.Halt;
import dev.slipway.store.Outbox;
import dev.slipway.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has several statuses posted side by side, each of another deployment: a GitHub that answers
 * slowly must not hold up the others. GitHub allows a hundred calls at once, for all that use the
 * token.
 */
public final class Posters {
  private static final Logger LOG = LoggerFactory.getLogger(Posters.class);
  static final int AT_ONCE = 16;

  private final Reporter reporter;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Set<Thread> posting = ConcurrentHashMap.newKeySet();

  public Posters(Reporter reporter) {
    this.reporter = reporter;
  }

  /**
   * Has the next status posted that is due, as soon as one of the posters is free.
   *
   * @return whether there was one; if not, {@link Reporter#nextDue} says when to come again
   */
  public boolean postOne() throws InterruptedException {
    free.acquire();
    Optional<Outbox.Outgoing> next = Optional.empty();
    try {
      next = reporter.next();
    } finally {
      if (next.isEmpty()) {
        free.release();
      }
    }
    next.ifPresent(this::post);
    return next.isPresent();
  }

  private void post(Outbox.Outgoing outgoing) {
    long id = outgoing.deployment().id();
    Thread thread = Thread.ofVirtual().name("post-" + id).unstarted(() -> report(outgoing, id));
    posting.add(thread);
    thread.start();
  }

  private void report(Outbox.Outgoing outgoing, long id) {
    try {
      reporter.report(outgoing);
    } catch (StoreException e) {
      LOG.debug("The status of deployment {} waits for the database: {}", id, e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("The status of deployment {} is left to the next start", id);
    } catch (RuntimeException | Error e) {
      Halt.ifFatal("the post of a status", e);
      LOG.error("The post of a status of deployment {} stumbled", id, e);
    } finally {
      posting.remove(Thread.currentThread());
      free.release();
    }
  }

  /**
   * Waits until nothing is being posted; what takes longer is interrupted.
   *
   * @param limit how long it may take
   */
  public void finish(Duration limit) throws InterruptedException {
    if (!free.tryAcquire(AT_ONCE, limit.toNanos(), TimeUnit.NANOSECONDS)) {
      posting.forEach(Thread::interrupt);
      free.acquire(AT_ONCE);
    }
    free.release(AT_ONCE);
  }
}
