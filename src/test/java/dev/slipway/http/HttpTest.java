package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real socket that misbehaves in every way a provider can. */
class HttpTest {
  private final Http http = new Http(Duration.ofSeconds(2), "Slipway/test");

  @AfterEach
  void close() {
    http.close();
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
    URI gone;
    try (var server = new OneShot((_, _) -> {})) {
      gone = server.uri("/");
    }
    assertThat(http.send(Call.get(gone))).isInstanceOf(Reply.NotSent.class);
  }

  @Test
  void an_unknown_host_was_surely_not_sent() throws Exception {
    assertThat(http.send(Call.get(URI.create("http://no-such-host.invalid/"))))
        .isInstanceOfSatisfying(
            Reply.NotSent.class, reply -> assertThat(reply.reason()).contains("no-such-host"));
  }

  @Test
  void a_failed_tls_handshake_was_surely_not_sent() throws Exception {
    try (var server =
        new OneShot((_, out) -> out.write(ascii("HTTP/1.1 400 Bad Request\r\n\r\n")))) {
      URI tls = URI.create("https://127.0.0.1:" + server.server.getLocalPort() + "/");
      assertThat(http.send(Call.get(tls))).isInstanceOf(Reply.NotSent.class);
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
      assertThat(http.send(Call.post(server.uri("/")))).isInstanceOf(Reply.Unanswered.class);
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

  @Test
  void a_call_prints_without_query_headers_and_body() {
    Call call =
        Call.postJson(
                URI.create("https://api.example.com/deploy/srv-1?key=hush"), "{\"s\":\"hush\"}")
            .with("Authorization", "Bearer hush");
    assertThat(call.toString()).isEqualTo("POST https://api.example.com/deploy/srv-1");
  }
}
