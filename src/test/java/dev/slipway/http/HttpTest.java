package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.FreePort;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real socket that misbehaves in every way a provider can. */
class HttpTest {
  private final Http http = new Http(Duration.ofSeconds(20), "Slipway/test");

  /** For those that wait for its time limit, or that answer well within it. */
  private final Http impatient = new Http(Duration.ofSeconds(4), "Slipway/test");

  @AfterEach
  void close() {
    http.close();
    impatient.close();
  }

  /** What the server does with a connection once the request's head and body have come. */
  interface Misbehaviour {
    void answer(Socket socket, OutputStream out) throws IOException, InterruptedException;
  }

  private static final class OneShot implements AutoCloseable {
    final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    OneShot(Misbehaviour misbehaviour) throws IOException {
      Thread.ofVirtual()
          .start(
              () -> {
                while (!server.isClosed()) {
                  try (Socket socket = server.accept()) {
                    byte[] buffer = new byte[65536];
                    int length = socket.getInputStream().read(buffer);
                    requests.add(
                        new String(buffer, 0, Math.max(0, length), StandardCharsets.ISO_8859_1));
                    misbehaviour.answer(socket, socket.getOutputStream());
                  } catch (IOException e) {
                    requests.add("closed: " + e.getMessage());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }
              });
    }

    URI uri(String path) {
      return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void an_answer_comes_with_its_status_headers_and_body() throws Exception {
    try (var server =
        new OneShot(
            (_, out) ->
                out.write(
                    ascii(
                        "HTTP/1.1 404 Not Found\r\nX-Thing: a\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 15\r\n\r\n{\"message\":\"x\"}")))) {
      var reply =
          http.send(Call.postJson(server.uri("/a%2Fb?k=v"), "{\"a\":1}").with("X-Mine", "yes"));

      assertThat(reply).isInstanceOf(Reply.Answered.class);
      var answered = (Reply.Answered) reply;
      assertThat(answered.status()).isEqualTo(404);
      assertThat(answered.header("x-thing")).contains("a");
      assertThat(answered.json().path("message").asString()).isEqualTo("x");
      assertThat(server.requests.take())
          .startsWith("POST /a%2Fb?k=v HTTP/1.1")
          .containsIgnoringCase("user-agent: Slipway/test")
          .containsIgnoringCase("x-mine: yes")
          .containsIgnoringCase("content-type: application/json")
          .endsWith("{\"a\":1}");
    }
  }

  @Test
  void a_refused_connection_was_surely_not_sent() throws Exception {
    URI gone = URI.create("http://127.0.0.1:" + FreePort.choose() + "/");
    assertThat(http.send(Call.get(gone)))
        .isEqualTo(
            new Reply.NotSent(
                "no connection to " + gone.getAuthority() + ": Connection refused", true));
  }

  @Test
  void an_unknown_host_was_surely_not_sent() throws Exception {
    assertThat(http.send(Call.get(URI.create("http://no-such-host.invalid/"))))
        .isEqualTo(new Reply.NotSent("no such host: no-such-host.invalid", true));
  }

  @Test
  void a_failed_tls_handshake_was_surely_not_sent() throws Exception {
    try (var server =
        new OneShot((_, out) -> out.write(ascii("HTTP/1.1 400 Bad Request\r\n\r\n")))) {
      URI tls = URI.create("https://127.0.0.1:" + server.server.getLocalPort() + "/");
      assertThat(http.send(Call.get(tls)))
          .isInstanceOfSatisfying(
              Reply.NotSent.class,
              reply -> {
                assertThat(reply.reason()).startsWith("no TLS with 127.0.0.1");
                assertThat(reply.mayPass()).isFalse();
              });
    }
  }

  @Test
  void silence_instead_of_tls_was_surely_not_sent_and_may_pass() throws Exception {
    try (var server = new OneShot((socket, _) -> socket.getInputStream().read())) {
      URI tls = URI.create("https://127.0.0.1:" + server.server.getLocalPort() + "/");
      assertThat(impatient.send(Call.post(tls)))
          .isInstanceOfSatisfying(
              Reply.NotSent.class, reply -> assertThat(reply.mayPass()).isTrue());
    }
  }

  @Test
  void a_connection_closed_instead_of_tls_was_surely_not_sent() throws Exception {
    try (var server = new OneShot((_, _) -> {})) {
      URI tls = URI.create("https://127.0.0.1:" + server.server.getLocalPort() + "/");
      assertThat(http.send(Call.post(tls))).isInstanceOf(Reply.NotSent.class);
    }
  }

  @Test
  void a_server_that_accepts_no_connection_was_surely_not_sent_anything() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (var full = new ServerSocket(0, 1, loopback);
        var hasty = new Http(Duration.ofSeconds(1), "Slipway/test");
        var _ = new Socket(loopback, full.getLocalPort());
        var _ = new Socket(loopback, full.getLocalPort())) {
      URI uri = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
      assertThat(hasty.send(Call.post(uri)))
          .isInstanceOfSatisfying(
              Reply.NotSent.class, reply -> assertThat(reply.mayPass()).isTrue());
    }
  }

  static Stream<Throwable> whatNoTestCanCause() {
    return Stream.of(
        new BindException("Cannot assign requested address"),
        new NoRouteToHostException("No route to host"),
        new ChannelException(
            "Failed to open a socket.", new SocketException("Too many open files")),
        new SocketException("Network is unreachable"));
  }

  @ParameterizedTest
  @MethodSource("whatNoTestCanCause")
  void what_fails_before_sending_may_pass(Throwable cause) {
    Call call = Call.post(URI.create("https://api.example.com/deploy?key=hush"));

    assertThat(Http.notSent(call, new HttpClientException("it failed", cause)))
        .satisfies(
            reply -> {
              assertThat(reply.mayPass()).isTrue();
              assertThat(reply.reason())
                  .startsWith("no connection to api.example.com: ")
                  .doesNotContain("hush");
            });
  }

  @Test
  void what_a_failure_tells_is_one_line_of_bearable_length() {
    Call call = Call.post(URI.create("https://api.example.com/"));

    var failure =
        new HttpClientException(
            "reading failed\0\r\n" + "x".repeat(50_000),
            new SocketException("a\0b\n" + "x".repeat(50_000)));

    for (Reply reply : List.of(Http.notSent(call, failure), Http.unanswered(call, failure))) {
      assertThat(reply.toString()).matches("[^\\p{Cntrl}]+").hasSizeLessThan(8400);
    }
  }

  @Test
  void a_secret_in_what_a_failure_tells_is_left_whole_for_who_takes_it_out() {
    Call call = Call.post(URI.create("https://api.example.com/"));
    String text = "invalid version format: " + "x".repeat(270) + "hunter22-and-more";

    assertThat(Http.unanswered(call, new HttpClientException(text)).reason()).endsWith(text);
  }

  @Test
  @Timeout(180)
  void a_process_without_files_sends_nothing_and_may_wait_for_one() throws Exception {
    try (var server =
        new OneShot((_, out) -> out.write(ascii("HTTP/1.1 204 No Content\r\n\r\n")))) {
      Process process =
          new ProcessBuilder(
                  "/bin/sh",
                  "-c",
                  "ulimit -n 256; exec \"$0\" -XX:TieredStopAtLevel=1 -cp \"$1\""
                      + " dev.slipway.http.WithoutFiles \"$2\"",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  System.getProperty("java.class.path"),
                  server.uri("/").toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said).contains("NotSent[reason=no connection to").contains("mayPass=true]");
    }
  }

  @Test
  void a_slow_name_holds_up_its_own_calls_only() throws Exception {
    var found = new CountDownLatch(1);
    NamedByTests.SLOW.put("slow.name.test", found);
    try (var silent = new OneShot((socket, _) -> socket.getInputStream().read());
        var server = new OneShot((_, out) -> out.write(ascii("HTTP/1.1 204 No Content\r\n\r\n")));
        var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      URI slow = URI.create("http://slow.name.test:" + server.server.getLocalPort() + "/");
      List<Future<Reply>> waiting =
          IntStream.range(0, 20)
              .mapToObj(_ -> calls.submit(() -> impatient.send(Call.get(slow))))
              .toList();
      Future<Reply> post = calls.submit(() -> impatient.send(Call.post(silent.uri("/"))));

      for (int i = 0; i < 5; i++) {
        assertThat(impatient.send(Call.get(server.uri("/")))).isInstanceOf(Reply.Answered.class);
      }
      assertThat(post.get()).isInstanceOf(Reply.Unanswered.class);
      for (Future<Reply> each : waiting) {
        assertThat(each.get())
            .isEqualTo(
                new Reply.NotSent("the name slow.name.test was not looked up within 4 s", true));
      }
      found.countDown();
      assertThat(impatient.send(Call.get(slow))).isInstanceOf(Reply.Answered.class);
    } finally {
      found.countDown();
      NamedByTests.SLOW.remove("slow.name.test");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush\n", "\rhush", "hu\r\nX-Other: sh", "hush\0", "hush\u007f", "hushé"})
  void a_value_that_no_header_can_hold_is_not_sent_and_not_shown(String value) throws Exception {
    try (var server = new OneShot((_, _) -> {})) {
      assertThat(http.send(Call.post(server.uri("/")).with("Authorization", "Bearer " + value)))
          .isInstanceOfSatisfying(
              Reply.NotSent.class,
              reply -> {
                assertThat(reply.mayPass()).isFalse();
                assertThat(reply.reason()).contains("Authorization").doesNotContain("hu");
              });
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void who_is_interrupted_already_sends_nothing() throws Exception {
    try (var server = new OneShot((_, _) -> {})) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> http.send(Call.post(server.uri("/"))))
          .isInstanceOf(InterruptedException.class)
          .hasMessageNotContaining("key");
      assertThat(server.requests.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void a_connection_reset_after_sending_is_in_doubt() throws Exception {
    try (var server = new OneShot((socket, _) -> socket.setSoLinger(true, 0))) {
      assertThat(http.send(Call.post(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
    }
  }

  @Test
  void a_connection_closed_without_an_answer_is_in_doubt() throws Exception {
    try (var server = new OneShot((_, _) -> {})) {
      assertThat(http.send(Call.post(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
    }
  }

  @Test
  void half_an_answer_is_in_doubt() throws Exception {
    try (var server =
        new OneShot(
            (_, out) ->
                out.write(ascii("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\nhal")))) {
      assertThat(http.send(Call.post(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
    }
  }

  @Test
  void silence_is_in_doubt_after_the_time_limit() throws Exception {
    try (var server = new OneShot((socket, _) -> socket.getInputStream().read())) {
      assertThat(impatient.send(Call.post(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
    }
  }

  @Test
  void an_answer_larger_than_the_limit_is_in_doubt() throws Exception {
    try (var server =
        new OneShot(
            (_, out) -> {
              out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\n"));
              out.write(new byte[6_000_000]);
            })) {
      assertThat(http.send(Call.get(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
    }
  }

  @Test
  void a_redirect_is_an_answer_and_not_followed() throws Exception {
    try (var elsewhere = new OneShot((_, _) -> {});
        var server =
            new OneShot(
                (_, out) ->
                    out.write(
                        ascii(
                            "HTTP/1.1 302 Found\r\nLocation: "
                                + elsewhere.uri("/evil")
                                + "\r\nContent-Length: 0\r\n\r\n")))) {
      var reply = http.send(Call.get(server.uri("/")));

      assertThat(reply)
          .isInstanceOfSatisfying(
              Reply.Answered.class, answered -> assertThat(answered.status()).isEqualTo(302));
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void an_interrupted_call_ends_with_an_interruption() throws Exception {
    try (var server = new OneShot((socket, _) -> socket.getInputStream().read())) {
      var outcome = new LinkedBlockingQueue<Object>();
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      outcome.add(http.send(Call.get(server.uri("/"))));
                    } catch (InterruptedException e) {
                      outcome.add(e);
                    }
                  });
      server.requests.take();
      caller.interrupt();
      assertThat(outcome.take()).isInstanceOf(InterruptedException.class);
    }
  }

  /** Answers each request with its path, and says over which connection it came. */
  private static HttpServer echo(BlockingQueue<Integer> connections, CountDownLatch slow)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          connections.add(exchange.getRemoteAddress().getPort());
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/slow")) {
            awaitUnhurried(slow);
          }
          byte[] body = ascii(path);
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    return server;
  }

  private static void awaitUnhurried(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static URI at(HttpServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Test
  void only_polls_share_a_connection() throws Exception {
    var connections = new LinkedBlockingQueue<Integer>();
    HttpServer server = echo(connections, new CountDownLatch(0));
    try {
      http.poll(Call.get(at(server, "/")));
      int kept = connections.take();

      for (int i = 0; i < 3; i++) {
        assertThat(http.send(Call.get(at(server, "/")))).isInstanceOf(Reply.Answered.class);
        assertThat(connections.take()).isNotEqualTo(kept);
        assertThat(http.send(Call.post(at(server, "/")))).isInstanceOf(Reply.Answered.class);
        assertThat(connections.take()).isNotEqualTo(kept);
        assertThat(http.poll(Call.get(at(server, "/")))).isInstanceOf(Reply.Answered.class);
        assertThat(connections.take()).isEqualTo(kept);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void what_changes_something_is_never_sent_over_a_kept_connection() {
    Call call = Call.post(URI.create("http://127.0.0.1/"));

    assertThatThrownBy(() -> http.poll(call)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_kept_connection_that_was_closed_costs_no_poll() throws Exception {
    try (var server =
        new OneShot(
            (_, out) -> out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")))) {
      for (int i = 0; i < 5; i++) {
        assertThat(http.poll(Call.get(server.uri("/")))).isInstanceOf(Reply.Answered.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_poll_that_is_cut_off_is_sent_again(boolean reset) throws Exception {
    try (var server =
        new OneShot(
            (socket, out) -> {
              out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
              socket.setSoLinger(reset, 0);
              int _ = socket.getInputStream().read(new byte[65536]);
            })) {
      for (int i = 0; i < 5; i++) {
        assertThat(http.poll(Call.get(server.uri("/" + i)))).isInstanceOf(Reply.Answered.class);
      }
    }
  }

  @Test
  void a_poll_that_is_cut_off_again_is_no_answer() throws Exception {
    try (var server = new OneShot((_, _) -> {})) {
      assertThat(http.poll(Call.get(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
      assertThat(server.requests).hasSize(2);
    }
  }

  @Test
  void the_answer_to_an_interrupted_poll_is_not_taken_for_that_to_the_next() throws Exception {
    var connections = new LinkedBlockingQueue<Integer>();
    var slow = new CountDownLatch(1);
    HttpServer server = echo(connections, slow);
    try {
      http.poll(Call.get(at(server, "/first")));
      connections.take();
      Thread interrupted =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      http.poll(Call.get(at(server, "/slow")));
                    } catch (InterruptedException expected) {
                      Thread.currentThread().interrupt();
                    }
                  });
      connections.take();
      interrupted.interrupt();
      interrupted.join();
      slow.countDown();

      for (int i = 0; i < 20; i++) {
        String path = "/next-" + i;
        assertThat(((Reply.Answered) http.poll(Call.get(at(server, path)))).body()).isEqualTo(path);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void what_took_too_long_to_connect_is_surely_not_sent() throws Exception {
    try (var server =
        new OneShot((_, out) -> out.write(ascii("HTTP/1.1 204 No Content\r\n\r\n")))) {
      Call call = Call.postJson(server.uri("/deploy"), "{}");
      assertThat(http.send(call, () -> false))
          .isInstanceOfSatisfying(
              Reply.NotSent.class, reply -> assertThat(reply.mayPass()).isTrue());

      assertThat(server.requests.take()).doesNotContain("POST");
    }
  }

  @Test
  void a_request_that_was_given_up_before_it_was_written_never_is() {
    Call call = Call.postJson(URI.create("https://api.example.com/deploy"), "{}");
    OutgoingRequest written = OutgoingRequest.of(call, "Slipway/test", () -> true);
    assertThat(written.toHttpRequestWithoutBody().method().name()).isEqualTo("POST");
    assertThat(written.cancel()).isFalse();

    OutgoingRequest cancelled = OutgoingRequest.of(call, "Slipway/test", () -> true);
    assertThat(cancelled.cancel()).isTrue();
    assertThatThrownBy(cancelled::toHttpRequestWithoutBody)
        .isInstanceOf(IllegalStateException.class);
    assertThat(cancelled.cancel()).isTrue();
  }

  @Test
  void a_call_prints_without_query_headers_and_body() {
    Call call =
        Call.postJson(
                URI.create("https://api.example.com/deploy/srv-1?key=hush"), "{\"s\":\"hush\"}")
            .with("Authorization", "Bearer hush");
    assertThat(call.toString()).isEqualTo("POST https://api.example.com/deploy/srv-1");
  }
}
