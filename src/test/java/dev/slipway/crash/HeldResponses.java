package dev.slipway.crash;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A network to GitHub on which the responses to chosen statuses are held back. */
final class HeldResponses implements NetworkBehavior {
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /** A status that took effect; its response is sent when it is released. */
  record Held(CountDownLatch reached, CountDownLatch released) {}

  /** Holds back the response to the next status of this state. */
  Held hold(long deployment, String state) {
    Held one = new Held(new CountDownLatch(1), new CountDownLatch(1));
    held.put(key(Long.toString(deployment), state), one);
    return one;
  }

  private static String key(String deployment, String state) {
    return deployment + " " + state;
  }

  @Override
  public FakeResponse carry(FakeRequest request, RequestHandler server) {
    FakeResponse response = server.handle(request);
    String path = request.uri().getPath();
    if (request.method().equals("POST") && path.endsWith("/statuses")) {
      String deployment = path.replaceAll(".*/deployments/(\\d+)/statuses", "$1");
      Held one = held.remove(key(deployment, request.json().path("state").asString("")));
      if (one != null) {
        await(one);
      }
    }
    return response;
  }

  private static void await(Held one) {
    one.reached().countDown();
    try {
      one.released().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
