package dev.slipway.fakes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.fakes.FakeResponse.Transmission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on a free port of 127.0.0.1, with one virtual thread for each request. */
public final class LoopbackServer implements AutoCloseable {
  private static final int BACKLOG = 200;
  private static final int TRUNCATED_BYTES = 40;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Starts a server to which every call arrives. */
  public LoopbackServer(RequestHandler handler) {
    this(handler, NetworkBehavior.RELIABLE);
  }

  /** Starts a server behind a network. */
  public LoopbackServer(RequestHandler handler, NetworkBehavior network) {
    try {
      InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      server = HttpServer.create(new InetSocketAddress(here, 0), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 can be listened on", e);
    }
    server.createContext(
        "/",
        exchange -> {
          FakeResponse response = network.carry(request(exchange), handler);
          send(exchange, response);
          response.then().run();
        });
    server.setExecutor(threads);
    server.start();
  }

  /** The base URL, without a slash at the end. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static FakeRequest request(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    return new FakeRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI(),
        headers,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, FakeResponse response) {
    try (exchange) {
      if (response.transmission() != Transmission.DROPPED) {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        int missing = response.transmission() == Transmission.TRUNCATED ? TRUNCATED_BYTES : 0;
        long announced = (long) body.length + missing;
        response.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(response.status(), announced == 0 ? -1 : announced);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
      }
    } catch (IOException callerGone) {
      // the fake has acted all the same
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
