package dev.slipway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real TLS server with a certificate of its own, and a real proxy before it. */
class EgressTest {
  private static final String BEHIND = "only-the-proxy-knows.invalid";

  @TempDir static Path folder;
  private static final BlockingQueue<String> protocols = new LinkedBlockingQueue<>();
  static ServerSocket server;
  static Path certificate;

  @BeforeAll
  static void startServer() throws Exception {
    OwnAuthority authority = new OwnAuthority(folder, "localhost", BEHIND);
    certificate = authority.certificate();
    server = authority.listen();
    // As most servers do; this one could not go on with it
    SSLParameters offer = ((SSLServerSocket) server).getSSLParameters();
    offer.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    ((SSLServerSocket) server).setSSLParameters(offer);
    SocketService.start(
        server,
        socket -> {
          if (socket.getInputStream().read(new byte[4096]) > 0) {
            protocols.add(((SSLSocket) socket).getApplicationProtocol());
            socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1));
          }
        });
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  private static URI at(String host) {
    return URI.create("https://" + host + ":" + server.getLocalPort() + "/");
  }

  private static Reply send(EgressConfig wayOut, URI uri) throws InterruptedException {
    try (Http http = new Http(Duration.ofSeconds(5), "Slipway/test", wayOut)) {
      return http.send(Call.post(uri));
    }
  }

  private static EgressConfig trusting(@Nullable HttpsProxy proxy) {
    return new EgressConfig(EgressConfig.authorities(certificate), proxy);
  }

  @Test
  void an_authority_that_nobody_named_is_not_trusted() throws Exception {
    assertThat(send(EgressConfig.DIRECT, at("localhost")))
        .isInstanceOfSatisfying(
            Reply.NotSent.class,
            reply -> {
              assertThat(reply.reason()).startsWith("no TLS with localhost");
              assertThat(reply.mayPass()).isFalse();
            });
  }

  @Test
  void an_own_authority_is_trusted_for_its_hosts_only() throws Exception {
    assertThat(send(trusting(null), at("localhost"))).isInstanceOf(Reply.Answered.class);
    assertThat(send(trusting(null), at("127.0.0.1")))
        .isInstanceOfSatisfying(
            Reply.NotSent.class,
            reply -> {
              assertThat(reply.reason()).startsWith("no TLS with 127.0.0.1");
              assertThat(reply.mayPass()).isFalse();
            });
  }

  @Test
  void calls_go_over_http_1_where_the_server_would_rather_have_http_2() throws Exception {
    protocols.clear();
    try (Http http = new Http(Duration.ofSeconds(5), "test", trusting(null))) {
      assertThat(http.send(Call.get(at("localhost")))).isInstanceOf(Reply.Answered.class);
      assertThat(http.poll(Call.get(at("localhost")))).isInstanceOf(Reply.Answered.class);
    }
    assertThat(protocols).containsExactly("http/1.1", "http/1.1");
  }

  @Test
  void https_goes_through_the_proxy_which_looks_up_the_name() throws Exception {
    try (var proxy = new ConnectProxy("robot:p@ss:word", server.getLocalPort())) {
      HttpsProxy settings =
          HttpsProxy.parse("http://robot:p%40ss:word@127.0.0.1:" + proxy.port(), List.of())
              .orElseThrow();

      assertThat(send(trusting(settings), at(BEHIND))).isInstanceOf(Reply.Answered.class);
      assertThat(proxy.asked())
          .containsExactly("CONNECT " + BEHIND + ":" + server.getLocalPort() + " HTTP/1.1");
      assertThat(settings.toString()).doesNotContain("p@ss").doesNotContain("robot");
    }
  }

  @Test
  void a_login_that_the_proxy_refuses_sends_nothing_and_is_not_shown() throws Exception {
    try (var proxy = new ConnectProxy("robot:right", server.getLocalPort())) {
      HttpsProxy settings =
          HttpsProxy.parse("http://robot:hush-hush@127.0.0.1:" + proxy.port(), List.of())
              .orElseThrow();

      assertThat(send(trusting(settings), at(BEHIND)))
          .isInstanceOfSatisfying(
              Reply.NotSent.class,
              reply -> assertThat(reply.reason()).contains("407").doesNotContain("hush"));
    }
  }

  @Test
  void a_proxy_that_is_not_there_sends_nothing_and_may_come_back() throws Exception {
    int gone;
    try (var proxy = new ConnectProxy(null, server.getLocalPort())) {
      gone = proxy.port();
    }

    assertThat(send(trusting(new HttpsProxy("127.0.0.1", gone, null, null, List.of())), at(BEHIND)))
        .isInstanceOfSatisfying(Reply.NotSent.class, reply -> assertThat(reply.mayPass()).isTrue());
  }

  @Test
  void a_proxy_that_says_nothing_was_surely_not_sent_the_request() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Http http = new Http(Duration.ofSeconds(1), "test", through(silent))) {
      SocketService.start(
          silent, socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));

      assertThat(http.send(Call.post(at(BEHIND))))
          .isInstanceOfSatisfying(
              Reply.NotSent.class, reply -> assertThat(reply.mayPass()).isTrue());
    }
  }

  @Test
  void a_proxy_that_hangs_up_was_surely_not_sent_the_request() throws Exception {
    try (var closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Http http = new Http(Duration.ofSeconds(5), "test", through(closing))) {
      SocketService.start(
          closing, socket -> assertThat(socket.getInputStream().read()).isPositive());

      assertThat(http.send(Call.post(at(BEHIND)))).isInstanceOf(Reply.NotSent.class);
    }
  }

  private static EgressConfig through(ServerSocket proxy) {
    return trusting(new HttpsProxy("127.0.0.1", proxy.getLocalPort(), null, null, List.of()));
  }

  @Test
  void this_machine_is_called_directly() throws Exception {
    try (var proxy = new ConnectProxy(null, server.getLocalPort())) {
      var settings = new HttpsProxy("127.0.0.1", proxy.port(), null, null, List.of());

      assertThat(send(trusting(settings), at("localhost"))).isInstanceOf(Reply.Answered.class);
      assertThat(proxy.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.github.com/, '', true",
    "http://api.github.com/, '', false",
    "https://api.github.com/, api.github.com, false",
    "https://API.github.com/, api.GitHub.com, false",
    "https://api.github.com/, github.com, false",
    "https://api.github.com/, .github.com, false",
    "https://api.github.com/, *.github.com, false",
    "https://api.notgithub.com/, github.com, true",
    "https://api.github.com/, api.github.com:443, false",
    "https://api.github.com:8443/, api.github.com:443, true",
    "https://api.github.com/, *, false",
    "https://api.github.com/, 10.0.0.0/8, true",
    "https://10.1.2.3/, 10.1.2.3, false",
    "https://localhost/, '', false",
    "https://127.0.0.1/, '', false",
    "https://[::1]/, '', false"
  })
  void no_proxy_says_what_is_called_directly(String uri, String except, boolean through) {
    var settings =
        new HttpsProxy("proxy", 1, null, null, except.isEmpty() ? List.of() : List.of(except));

    assertThat(settings.isFor(URI.create(uri))).isEqualTo(through);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy:3128",
        "https://proxy:3128",
        "socks5://proxy",
        "http://",
        "http://proxy/path",
        "",
        "http://proxy?x",
        "http://pro xy"
      })
  void what_is_no_address_of_a_proxy_is_none(String address) {
    assertThat(HttpsProxy.parse(address, List.of())).isEmpty();
  }

  @Test
  void a_file_without_certificates_is_named() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path other = Files.writeString(folder.resolve("other.pem"), "-----BEGIN CERTIFICATE-----\nx\n");

    assertThat(EgressConfig.problemWith(certificate)).isEmpty();
    assertThat(EgressConfig.problemWith(empty)).contains("holds no certificate; it must be PEM");
    assertThat(EgressConfig.problemWith(other)).isPresent();
    assertThat(EgressConfig.problemWith(folder.resolve("none.pem"))).contains("cannot be read");
  }
}
