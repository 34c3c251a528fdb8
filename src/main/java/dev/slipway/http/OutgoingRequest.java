package dev.slipway.http;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.netty.NettyHttpRequestBuilder;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * The request of one call, which knows whether the client has begun to write it. The client cannot
 * write a byte of it before it has asked for {@link #toHttpRequestWithoutBody}, and asks for that
 * when it has a connection, with TLS and through the proxy. So whatever fails before, and however
 * the client puts it, was surely not sent.
 */
final class OutgoingRequest extends HttpRequestWrapper<byte[]> implements NettyHttpRequestBuilder {
  private enum State {
    PREPARED,
    BEGUN,
    CANCELLED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.PREPARED);

  private final BooleanSupplier maySend;

  private OutgoingRequest(HttpRequest<byte[]> request, BooleanSupplier maySend) {
    super(request);
    this.maySend = maySend;
  }

  /**
   * @param maySend asked when the client is about to write the request
   */
  static OutgoingRequest of(Call call, String userAgent, BooleanSupplier maySend) {
    MutableHttpRequest<byte[]> request =
        HttpRequest.create(HttpMethod.valueOf(call.method()), call.uri().toString());
    call.headers().forEach(request::header);
    request.header("User-Agent", userAgent);
    String body = call.body();
    return new OutgoingRequest(
        body == null ? request : request.body(body.getBytes(StandardCharsets.UTF_8)), maySend);
  }

  /**
   * Makes sure that the request will not be written any more, if that is still possible.
   *
   * @return whether it surely never was and never will be
   */
  boolean cancel() {
    return state.compareAndSet(State.PREPARED, State.CANCELLED) || state.get() == State.CANCELLED;
  }

  @Override
  public io.netty.handler.codec.http.HttpRequest toHttpRequestWithoutBody() {
    state.compareAndSet(State.PREPARED, maySend.getAsBoolean() ? State.BEGUN : State.CANCELLED);
    if (state.get() == State.CANCELLED) {
      closeConnection();
      // Not a CancellationException, which would count as a cancel by whoever waits
      throw new IllegalStateException("it took too long, or was called off, and was not sent");
    }
    return NettyHttpRequestBuilder.asBuilder(getDelegate()).toHttpRequestWithoutBody();
  }

  /** The client keeps the connection that it got among the attributes. */
  private void closeConnection() {
    for (Object attribute : getAttributes().values()) {
      if (attribute instanceof Channel unused) {
        var _ = unused.close();
      }
    }
  }
}
