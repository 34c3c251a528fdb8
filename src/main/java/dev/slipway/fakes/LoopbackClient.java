package dev.slipway.fakes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Makes HTTP calls on 127.0.0.1. Safe for use by many threads. */
public final class LoopbackClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * A response.
   *
   * @param status 0 if there was none; the body then says why
   */
  public record Response(int status, String body) {}

  public Response get(URI address, Map<String, String> headers) throws InterruptedException {
    return send(HttpRequest.newBuilder(address).GET(), headers, TIMEOUT);
  }

  public Response post(URI address, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    return post(address, headers, body, TIMEOUT);
  }

  /** Posts, and waits so long for the response. */
  public Response post(URI address, Map<String, String> headers, byte[] body, Duration timeout)
      throws InterruptedException {
    return send(
        HttpRequest.newBuilder(address).POST(BodyPublishers.ofByteArray(body)), headers, timeout);
  }

  private Response send(HttpRequest.Builder request, Map<String, String> headers, Duration timeout)
      throws InterruptedException {
    headers.forEach(request::header);
    try {
      var answer = client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
      return new Response(answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new Response(0, "no answer: " + e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
