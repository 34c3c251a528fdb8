package dev.slipway.crash;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import dev.slipway.server.Await;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network on which the responses to posts are late. The posts take effect at once: one that took
 * effect late could not be looked up before.
 */
final class SlowResponses implements NetworkBehavior {
  private final int most;
  private final AtomicInteger posts = new AtomicInteger();
  private final AtomicInteger postsAtOnce = new AtomicInteger();

  /**
   * @param most how many milliseconds a response is late at the most
   */
  SlowResponses(int most) {
    this.most = most;
  }

  @Override
  public FakeResponse carry(FakeRequest request, RequestHandler server) {
    FakeResponse response = server.handle(request);
    if (request.method().equals("POST")) {
      int _ = postsAtOnce.accumulateAndGet(posts.incrementAndGet(), Math::max);
      try {
        Await.pass(Duration.ofMillis(ThreadLocalRandom.current().nextInt(most + 1)));
      } finally {
        int _ = posts.decrementAndGet();
      }
    }
    return response;
  }

  /** The most posts that waited for their responses at one moment. */
  int postsAtOnce() {
    return postsAtOnce.get();
  }
}
