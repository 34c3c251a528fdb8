package dev.slipway.http;

import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.client.DefaultHttpClientConfiguration;
import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends calls over HTTP. One connection for each call, for a kept connection that dies at the wrong
 * moment leaves in doubt whether the request was acted on, and a doubt ends a deployment. Follows
 * no redirects. Safe for use by many threads.
 */
public final class Http implements AutoCloseable {
  private static final int LARGEST_ANSWER = 4 * 1024 * 1024;

  private final HttpClient client;
  private final String userAgent;

  /**
   * @param timeout for connecting, and again for the whole answer
   * @param userAgent sent with every call; GitHub refuses requests without one
   */
  public Http(Duration timeout, String userAgent) {
    var configuration = new DefaultHttpClientConfiguration();
    configuration.setConnectTimeout(timeout);
    configuration.setReadTimeout(timeout);
    configuration.setRequestTimeout(timeout.plusSeconds(1));
    configuration.setFollowRedirects(false);
    configuration.setExceptionOnErrorStatus(false);
    configuration.setMaxContentLength(LARGEST_ANSWER);
    configuration.getConnectionPoolConfiguration().setEnabled(false);
    this.client = HttpClient.create(null, configuration);
    this.userAgent = userAgent;
  }

  /** Sends the call and waits for the answer. Every bad end is a {@link Reply}. */
  public Reply send(Call call) throws InterruptedException {
    var answer =
        Mono.from(
                client.exchange(
                    request(call), Argument.of(byte[].class), Argument.of(byte[].class)))
            .toFuture();
    try {
      return answered(answer.get());
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case HttpClientResponseException response -> answered(response.getResponse());
        case HttpClientException failure -> unanswered(call, failure);
        case null, default -> throw new IllegalStateException("calling " + call.described(), e);
      };
    }
  }

  private MutableHttpRequest<byte[]> request(Call call) {
    MutableHttpRequest<byte[]> request =
        HttpRequest.create(HttpMethod.valueOf(call.method()), call.uri().toString());
    call.headers().forEach(request::header);
    request.header("User-Agent", userAgent);
    String body = call.body();
    return body == null ? request : request.body(body.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply answered(HttpResponse<?> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response.getHeaders().forEach((name, values) -> headers.putIfAbsent(name, values.getFirst()));
    byte[] body = response.getBody(byte[].class).orElseGet(() -> new byte[0]);
    return new Reply.Answered(response.code(), headers, new String(body, StandardCharsets.UTF_8));
  }

  private static Reply unanswered(Call call, HttpClientException e) {
    Throwable before = cause(e, List.of(ConnectException.class, NoRouteToHostException.class));
    if (before != null) {
      return new Reply.NotSent("no connection to " + call.uri().getAuthority());
    }
    if (cause(e, List.of(UnknownHostException.class)) != null) {
      return new Reply.NotSent("no such host: " + call.uri().getHost());
    }
    // The client says "Connect Error" for whatever failed before it could send
    if (String.valueOf(e.getMessage()).startsWith("Connect Error")) {
      Throwable tls = cause(e, List.of(SSLException.class));
      return new Reply.NotSent(
          tls == null
              ? "no connection to " + call.uri().getAuthority()
              : "no TLS with " + call.uri().getAuthority() + ": " + tls.getMessage());
    }
    return new Reply.Unanswered(
        "no complete answer from " + call.uri().getAuthority() + ": " + e.getMessage());
  }

  private static @Nullable Throwable cause(
      Throwable thrown, List<Class<? extends Throwable>> types) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .filter(at -> types.stream().anyMatch(type -> type.isInstance(at)))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    client.close();
  }
}
