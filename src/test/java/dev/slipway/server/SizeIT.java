package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Large bodies, against a Slipway in a process of its own with little memory. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated
class SizeIT {
  private static final int LARGEST = 25 * 1024 * 1024;
  private static final String FORGED = "sha256=" + "0".repeat(64);

  @TempDir static Path folder;
  private static JarProcess process;
  private static URI server;
  private static long next = 1;

  @BeforeAll
  static void open() throws IOException {
    process =
        JarProcess.start(
            Map.of(
                "GITHUB_WEBHOOK_SECRET",
                SlipwayServer.SECRET,
                "GITHUB_API_URL",
                "http://127.0.0.1:1",
                "SLIPWAY_DATA",
                folder.resolve("data").toString(),
                "DEPLOY_CMD",
                "true"),
            folder,
            "-Xmx192m");
    server = process.at("/");
    small();
  }

  @AfterAll
  static void close() throws InterruptedException {
    process.terminate();
    int _ = process.awaitExit();
    assertThat(process.output()).doesNotContain("OutOfMemory", "\tat ");
    process.close();
  }

  private static String event() {
    return SlipwayServer.event(next++, "production", SlipwayServer.SHA);
  }

  private static void small() {
    accepted(RawDelivery.of(event()));
  }

  private static void accepted(RawDelivery parcel) {
    RawDelivery.Reply reply = parcel.to(server);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
    assertThat(reply.body()).contains("accepted");
  }

  private static byte[] eventOf(int size) {
    String event = event();
    String start = event.substring(0, event.length() - 1) + ",\"filler\":\"";
    String body = start + "x".repeat(size - start.length() - 2) + "\"}";
    assertThat(body).hasSize(size);
    return body.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @Order(1)
  void twenty_forged_bodies_at_once_come_to_nothing_in_little_memory() throws Exception {
    forge();
    long before = process.peak();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> forgeries =
          IntStream.range(0, 20).mapToObj(_ -> senders.submit(() -> forge())).toList();
      for (int i = 0; i < 20; i++) {
        small();
      }
      List<Integer> answers = new ArrayList<>();
      for (Future<Integer> forgery : forgeries) {
        answers.add(forgery.get());
      }
      assertThat(answers).allMatch(status -> status == 401 || status == 503 || status == 0);
    }
    assertThat(process.peak() - before).isLessThanOrEqualTo(64);
    accepted(RawDelivery.of(eventOf(200_000)));
  }

  /** Sends 25 MiB of nothing under a wrong signature; 0 when it was cut off without a word. */
  private static int forge() throws IOException {
    byte[] piece = new byte[64 * 1024];
    RawDelivery parcel =
        RawDelivery.of("")
            .but("X-Hub-Signature-256", FORGED)
            .but("Content-Length", Integer.toString(LARGEST));
    try (Socket socket = RawDelivery.connect(server)) {
      sendAll(socket, parcel, piece);
      return RawDelivery.Reply.of(RawDelivery.read(socket.getInputStream())).status();
    }
  }

  private static void sendAll(Socket socket, RawDelivery parcel, byte[] piece) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(parcel.head());
    try {
      for (int sent = 0; sent < LARGEST; sent += piece.length) {
        out.write(piece);
      }
    } catch (SocketException dropped) {
      // for want of memory; the answer says so, if it came through
    }
  }

  @Test
  @Order(2)
  void the_largest_body_that_github_sends_is_taken() {
    accepted(RawDelivery.of(eventOf(LARGEST)));
    accepted(RawDelivery.of(eventOf(LARGEST)).chunked("", ""));
    small();
  }

  @Test
  @Order(3)
  void a_byte_more_is_refused_before_it_is_sent() throws IOException {
    for (long length : new long[] {LARGEST + 1L, 100L * 1024 * 1024, 1L << 40}) {
      RawDelivery parcel = RawDelivery.of(event()).but("Content-Length", Long.toString(length));
      try (Socket socket = RawDelivery.connect(server)) {
        socket.getOutputStream().write(parcel.head());
        RawDelivery.Reply reply = RawDelivery.Reply.of(RawDelivery.read(socket.getInputStream()));
        assertThat(reply.status()).as(reply.toString()).isEqualTo(413);
        CountedDeploys.assertTellsNothing(reply.body());
      }
      small();
    }
  }

  @Test
  @Order(4)
  void chunks_beyond_the_limit_are_refused_however_many_come() throws IOException {
    RawDelivery.Reply reply = RawDelivery.of(eventOf(LARGEST + 1)).chunked("", "").to(server);
    assertThat(reply.status()).as(reply.toString()).isIn(0, 413);
    assertThat(endless()).isLessThan(200L * 1024 * 1024);
    small();
  }

  /** How much of an endless body was taken before the connection was closed. */
  private static long endless() throws IOException {
    byte[] chunk = ("10000\r\n" + "x".repeat(65_536) + "\r\n").getBytes(StandardCharsets.UTF_8);
    RawDelivery parcel = RawDelivery.of(event()).chunked("", "");
    long sent = 0;
    try (Socket socket = RawDelivery.connect(server)) {
      OutputStream out = socket.getOutputStream();
      out.write(parcel.head());
      while (sent < 200L * 1024 * 1024) {
        out.write(chunk);
        sent += chunk.length;
      }
    } catch (java.net.SocketException closed) {
      return sent;
    }
    return sent;
  }

  @Test
  @Order(5)
  void a_sender_that_holds_still_is_turned_away_and_large_bodies_come_in_again()
      throws IOException {
    RawDelivery parcel = RawDelivery.of(eventOf(LARGEST));
    try (Socket socket = RawDelivery.connect(server)) {
      socket.getOutputStream().write(parcel.head());
      RawDelivery.Reply reply = RawDelivery.Reply.of(RawDelivery.read(socket.getInputStream()));
      assertThat(reply.status()).as(reply.toString()).isEqualTo(408);
      assertThat(reply.body()).contains("8 seconds");
    }
    accepted(parcel);
  }

  @Test
  @Order(6)
  void three_forged_senders_of_25_mebibytes_hold_nobody_up() throws IOException {
    List<Socket> forgers = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        forgers.add(RawDelivery.connect(server));
        OutputStream out = forgers.getLast().getOutputStream();
        out.write(
            RawDelivery.of("")
                .but("X-Hub-Signature-256", FORGED)
                .but("Content-Length", Integer.toString(LARGEST))
                .head());
        out.write('{');
      }
      accepted(RawDelivery.of(event()).chunked("", ""));
      accepted(RawDelivery.of(eventOf(70_000)));
      accepted(RawDelivery.of(eventOf(5 * 1024 * 1024)).chunked("", ""));
      accepted(RawDelivery.of(eventOf(LARGEST)));
    } finally {
      for (Socket forger : forgers) {
        forger.close();
      }
    }
  }
}
