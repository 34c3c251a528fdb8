package dev.slipway.targets;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;

/**
 * The calls that a target makes by itself: reads, and cancels of a deploy that it knows. A request
 * that starts a deploy is none of them; it goes through {@link StartExecutor}.
 */
public final class ProviderCalls {
  private final Http http;

  public ProviderCalls(Http http) {
    this.http = http;
  }

  /**
   * Reads once.
   *
   * @throws IllegalArgumentException if the call is no GET
   */
  public Reply read(Call call) throws InterruptedException {
    if (!call.method().equals("GET")) {
      throw new IllegalArgumentException("no read: " + call);
    }
    return http.send(call);
  }

  /** The same for what is read again and again; a lost answer is only read again. */
  public Reply poll(Call call) throws InterruptedException {
    return http.poll(call);
  }

  /** Asks for a deploy to be cancelled. */
  public Reply cancel(Call call) throws InterruptedException {
    return http.send(call);
  }
}
