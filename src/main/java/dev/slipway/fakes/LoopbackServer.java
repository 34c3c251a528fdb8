package dev.slipway.fakes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What the server does. */
  public interface RequestHandler {
    FakeResponse answer(FakeRequest request);
  }

  public LoopbackServer(RequestHandler handler) {
    try {
      InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      server = HttpServer.create(new InetSocketAddress(here, 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 can be listened on", e);
    }
    server.createContext("/", exchange -> serve(exchange, handler));
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens, without a slash at the end. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void serve(HttpExchange exchange, RequestHandler handler) throws IOException {
    try (exchange) {
      FakeResponse response = handler.answer(request(exchange));
      byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
      response.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().close();
      response.then().run();
    }
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

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
