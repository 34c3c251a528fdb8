package dev.slipway.targets;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
import java.util.List;

/**
 * The calls that a target makes by itself: reads, and cancels of a deploy that it knows. A request
 * that starts a deploy is none of them; it goes through {@link StartExecutor}. Also the words for
 * what is answered.
 */
public final class ProviderCalls {
  private final Http http;
  private final Redactor redactor;

  /**
   * @param redactor takes secrets out of what providers answer
   */
  public ProviderCalls(Http http, Redactor redactor) {
    this.http = http;
    this.redactor = redactor;
  }

  /**
   * Puts answers into words.
   *
   * @param secrets what the calls carry
   */
  public ProviderMessages messages(String provider, List<String> secrets) {
    return new ProviderMessages(provider, secrets, redactor);
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
