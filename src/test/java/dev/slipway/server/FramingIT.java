package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.HeaderLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two parties could take for different ones, and other HTTP that GitHub never sends.
 */
class FramingIT {
  private static final String LENGTH = "Content-Length";
  private static final String CODING = "Transfer-Encoding";

  @TempDir static Path folder;
  private static CountedDeploys gate;

  @BeforeAll
  static void open() {
    gate = new CountedDeploys(folder);
  }

  @AfterAll
  static void nothingElseRan() {
    try (CountedDeploys last = gate) {
      last.ranExactlyWhatItAccepted();
    }
  }

  private static RawDelivery parcel() {
    return RawDelivery.of(gate.fresh());
  }

  @Test
  void without_a_length_there_is_no_body() {
    gate.refuses(parcel().without(LENGTH), 401, "signature_mismatch");
  }

  @Test
  void a_shorter_length_than_the_body_has_cuts_it() {
    gate.refuses(parcel().but(LENGTH, "20"), 401, "signature_mismatch");
  }

  @Test
  void what_follows_the_declared_body_is_another_request() {
    String genuine = gate.fresh();
    byte[] both = (genuine + "GET /smuggled HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    gate.accepts(RawDelivery.of(genuine).sending(both));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-5",
        "-1",
        "+20",
        "0x10",
        "abc",
        "",
        "1e3",
        "20, 20",
        "20, 21",
        "20;",
        "2 0",
        "99999999999999999999"
      })
  void a_length_that_is_none_is_refused(String length) {
    gate.refuses(parcel().but(LENGTH, length), 400);
  }

  @Test
  void two_lengths_are_refused_even_when_they_agree() {
    String body = gate.fresh();
    int length = body.length();
    gate.refuses(RawDelivery.of(body).with(LENGTH, Integer.toString(length)), 400);
    gate.refuses(RawDelivery.of(body).with(LENGTH, Integer.toString(length - 1)), 400);
  }

  @Test
  void a_length_together_with_chunks_is_refused() {
    for (int length : new int[] {0, 3, 500}) {
      gate.refuses(parcel().chunked("", "").with(LENGTH, Integer.toString(length)), 400);
    }
  }

  @Test
  void chunks_without_a_length_are_taken_with_extensions_and_trailers() {
    gate.accepts(parcel().chunked("", ""));
    gate.accepts(parcel().chunked(";name=value;flag", ""));
    gate.accepts(parcel().chunked("", "X-Checksum: 1\r\n"));
  }

  @Test
  void a_trailer_cannot_take_the_place_of_a_header() {
    CountedDeploys.Kept before = gate.kept();
    RawDelivery.Reply reply =
        gate.send(
            parcel()
                .without("X-Hub-Signature-256")
                .chunked("", "X-Hub-Signature-256: " + SlipwayServer.sign(new byte[0]) + "\r\n"));
    assertThat(reply.status()).isEqualTo(401);
    gate.assertNothingCameOf(reply, before);
    gate.accepts(parcel().chunked("", "X-GitHub-Event: ping\r\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "gzip, chunked", "chunked, chunked", "xchunked", "x"})
  void another_transfer_coding_is_refused(String coding) {
    CountedDeploys.Kept before = gate.kept();
    RawDelivery.Reply chunks = gate.send(parcel().chunked("", "").but(CODING, coding));
    assertThat(chunks.status()).as(chunks.toString()).isBetween(400, 499);
    gate.assertNothingCameOf(chunks, before);
    before = gate.kept();
    RawDelivery.Reply plain = gate.send(parcel().with(CODING, coding));
    assertThat(plain.status()).as(plain.toString()).isBetween(400, 499);
    gate.assertNothingCameOf(plain, before);
  }

  @Test
  void broken_chunks_are_refused() {
    for (String broken : new String[] {"zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n"}) {
      CountedDeploys.Kept before = gate.kept();
      RawDelivery.Reply reply =
          gate.send(parcel().chunked("", "").sending(broken.getBytes(StandardCharsets.UTF_8)));
      assertThat(reply.status()).as(reply.toString()).isBetween(400, 499);
      gate.assertNothingCameOf(reply, before);
    }
  }

  @Test
  void a_body_that_is_cut_off_is_not_taken() {
    String body = gate.fresh();
    byte[] half = body.substring(0, 100).getBytes(StandardCharsets.UTF_8);
    byte[] chunk = ("fff\r\n" + body).getBytes(StandardCharsets.UTF_8);
    for (RawDelivery cut :
        new RawDelivery[] {
          RawDelivery.of(body).sending(half), RawDelivery.of(body).chunked("", "").sending(chunk)
        }) {
      CountedDeploys.Kept before = gate.kept();
      RawDelivery.Reply reply = cut.andHangUp(gate.world.at("/"));
      assertThat(reply.status()).as(reply.toString()).isIn(0, 400);
      gate.assertNothingCameOf(reply, before);
    }
  }

  @Test
  void a_packed_body_is_refused_whatever_was_signed() {
    byte[] plain = gate.fresh().getBytes(StandardCharsets.UTF_8);
    byte[] packed = packed(plain);
    for (String coding : new String[] {"gzip", "x-gzip", "deflate", "br", "zstd", "identity"}) {
      gate.refuses(
          RawDelivery.of(packed).with("Content-Encoding", coding), 415, "Content-Encoding");
      gate.refuses(
          RawDelivery.of(packed)
              .with("Content-Encoding", coding)
              .but("X-Hub-Signature-256", SlipwayServer.sign(plain)),
          415);
    }
    gate.refuses(RawDelivery.of(packed), 400, "UTF-8");
  }

  private static byte[] packed(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Test
  void a_sender_that_asks_first_is_told_to_go_on() throws IOException {
    RawDelivery parcel = parcel().with("Expect", "100-continue");
    try (Socket socket = RawDelivery.connect(gate.world.at("/"))) {
      socket.getOutputStream().write(parcel.head());
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100");
    }
    gate.accepts(parcel);
  }

  @Test
  void heads_that_are_too_large_are_refused() {
    CountedDeploys.Kept before = gate.kept();
    RawDelivery many = parcel();
    for (int i = 0; i < 10_000; i++) {
      many.with("X-H" + i, "y");
    }
    for (RawDelivery large :
        new RawDelivery[] {parcel().with("X-Long", "a".repeat(65_536)), many}) {
      RawDelivery.Reply reply = gate.send(large);
      assertThat(reply.status()).as(reply.toString()).isIn(0, 400, 413, 431);
      assertThat(gate.kept()).isEqualTo(before);
      CountedDeploys.assertTellsNothing(reply.body());
    }
    gate.takesAGenuineOne();
    gate.refuses(parcel().path("/webhooks/github?" + "a".repeat(65_536)), 413);
  }

  @Test
  void more_headers_than_anybody_sends_are_refused_however_short() {
    CountedDeploys.Kept before = gate.kept();
    RawDelivery many = parcel();
    for (int i = 0; i <= HeaderLimit.MOST; i++) {
      many.with("a", "");
    }
    assertThat(gate.send(many).status()).isIn(400, 413, 431);
    assertThat(gate.kept()).isEqualTo(before);
    gate.takesAGenuineOne();
  }

  @Test
  void who_does_not_wait_for_answers_gets_few() throws IOException {
    try (Socket socket = RawDelivery.connect(gate.world.at("/"))) {
      byte[] requests =
          "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
              .repeat(1000)
              .getBytes(StandardCharsets.US_ASCII);
      assertThat(answers(socket, requests)).isLessThan(1000);
    }
    gate.takesAGenuineOne();
  }

  /** A connection that is reset has answered as little. */
  private static int answers(Socket socket, byte[] requests) {
    try {
      socket.getOutputStream().write(requests);
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return all.split("HTTP/1.1 404", -1).length - 1;
    } catch (IOException reset) {
      return 0;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Foo : bar", "X-Foo: b\0ar", "X F: a", ": a", "X-Foo"})
  void malformed_headers_are_refused(String line) {
    int colon = line.indexOf(": ");
    RawDelivery parcel =
        colon < 0
            ? parcel().with(line + "\r\nX", "y")
            : parcel().with(line.substring(0, colon), line.substring(colon + 2));
    CountedDeploys.Kept before = gate.kept();
    RawDelivery.Reply reply = gate.send(parcel);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    gate.assertNothingCameOf(reply, before);
  }

  @Test
  void http_1_0_is_understood() {
    gate.accepts(parcel().version("HTTP/1.0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "CONNECT", "TRACE", "FOO"})
  void only_post_is_allowed(String method) {
    CountedDeploys.Kept before = gate.kept();
    RawDelivery.Reply reply = gate.send(parcel().method(method));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(405);
    assertThat(reply.has("Allow: POST")).isTrue();
    gate.assertNothingCameOf(reply, before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/webhooks/github", "/health/liveness", "/deployments/1/x", "*"})
  void trace_never_shows_a_request_to_its_sender(String path) {
    RawDelivery.Reply reply =
        gate.send(parcel().method("TRACE").path(path).with("Authorization", "Bearer canary"));
    assertThat(reply.status()).as(reply.toString()).isIn(400, 404, 405);
    assertThat(reply.head() + reply.body()).doesNotContain("canary");
    CountedDeploys.assertTellsNothing(reply.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks", "/webhooks/gitlab", "/webhooks/github/x", "/webhooks/../webhooks/github",
        "//webhooks/github", "/webhooks/%67ithub%00", "/webhooks/%zz", "/WEBHOOKS/GITHUB"
      })
  void another_path_is_another_thing(String path) {
    CountedDeploys.Kept before = gate.kept();
    RawDelivery.Reply reply = gate.send(parcel().path(path));
    assertThat(reply.status()).as(reply.toString()).isIn(400, 404, 405);
    gate.assertNothingCameOf(reply, before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0016\u0003\u0001\r\n\r\n", "\r\n\r\n\r\n", "POST\r\n\r\n", "\0\0\0\0\r\n\r\n"})
  void what_is_no_http_is_turned_away(String bytes) throws IOException {
    try (Socket socket = RawDelivery.connect(gate.world.at("/"))) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      RawDelivery.Reply reply = RawDelivery.Reply.of(RawDelivery.read(socket.getInputStream()));
      assertThat(reply.status()).as(reply.toString()).isIn(0, 400);
      CountedDeploys.assertTellsNothing(reply.body());
    }
    gate.takesAGenuineOne();
  }
}
