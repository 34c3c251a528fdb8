package dev.slipway.report;

import dev.slipway.process.Halt;
import dev.slipway.store.ClaimedStatus;
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
 * Posts several statuses at once, each of another deployment, so that one slow answer of GitHub
 * delays no other. GitHub allows a hundred concurrent calls for all that use the token.
 */
public final class Posters {
  private static final Logger LOG = LoggerFactory.getLogger(Posters.class);
  static final int AT_ONCE = 16;
  private static final Duration BETWEEN_INTERRUPTS = Duration.ofMillis(100);
  private static final int INTERRUPTS = 20;

  private final Reporter reporter;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Set<Thread> posting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  public Posters(Reporter reporter) {
    this.reporter = reporter;
  }

  /**
   * Starts posting the next status that is due, as soon as a poster is free.
   *
   * @return whether there was one; if not, {@link Reporter#nextDue} says when to come again
   */
  public boolean startNext() throws InterruptedException {
    // One call is enough to see that GitHub is still unavailable, and each failure counts
    int needed = reporter.isGithubUnavailable() ? AT_ONCE : 1;
    free.acquire(needed);
    free.release(needed - 1);
    boolean isPosted = false;
    try {
      Optional<ClaimedStatus> next = stopping ? Optional.empty() : reporter.claimNext();
      isPosted = next.isPresent() && start(next.get());
      return isPosted;
    } finally {
      if (!isPosted) {
        free.release();
      }
    }
  }

  private boolean start(ClaimedStatus outgoing) {
    long id = outgoing.deployment().id();
    Thread thread = Thread.ofVirtual().name("post-" + id).unstarted(() -> report(outgoing, id));
    boolean isStarted = false;
    try {
      if (!stopping) {
        posting.add(thread);
        thread.start();
        isStarted = true;
      }
      return isStarted;
    } finally {
      if (!isStarted) {
        posting.remove(thread);
        reporter.release(outgoing);
      }
    }
  }

  private void report(ClaimedStatus outgoing, long id) {
    try {
      reporter.post(outgoing);
    } catch (StoreException e) {
      LOG.debug("The status of deployment {} waits for the database: {}", id, e.getMessage());
    } catch (InterruptedException e) {
      LOG.debug("The status of deployment {} is posted after the next start", id);
    } catch (RuntimeException | Error e) {
      Halt.ifFatal("the post of a status", e);
      LOG.error("The post of a status of deployment {} stumbled", id, e);
    } finally {
      posting.remove(Thread.currentThread());
      free.release();
    }
  }

  /**
   * Posts everything that is due, and what becomes due by that. Returns when it is done. For one
   * thread alone.
   */
  public void postAll() throws InterruptedException {
    boolean isAnyLeft = true;
    while (isAnyLeft) {
      if (!startNext()) {
        awaitIdle();
        isAnyLeft = startNext();
      }
    }
  }

  /** Waits until nothing is being posted. */
  void awaitIdle() throws InterruptedException {
    free.acquire(AT_ONCE);
    free.release(AT_ONCE);
  }

  /**
   * Starts no more posts and interrupts those under way. Waits for their ends, but no longer than
   * two seconds: what a database holds up is posted after the next start.
   */
  public void stop() throws InterruptedException {
    stopping = true;
    boolean isOver = false;
    // One of them may be between two calls, or not have begun
    for (int i = 0; i < INTERRUPTS && !isOver; i++) {
      posting.forEach(Thread::interrupt);
      isOver = free.tryAcquire(AT_ONCE, BETWEEN_INTERRUPTS.toMillis(), TimeUnit.MILLISECONDS);
    }
    if (isOver) {
      free.release(AT_ONCE);
    } else {
      LOG.warn("{} posts did not end in time", posting.size());
    }
  }
}
