package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Thousands of connections with forged headers and bodies that never end, against a process with
 * little memory.
 */
@Isolated
class FloodIT {
  /** GitHub waits ten seconds. */
  private static final Duration IN_TIME = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final AtomicLong next = new AtomicLong(1);

  @Test
  @Timeout(150)
  void six_thousand_dripping_bodies_keep_no_delivery_out_and_kill_nothing() throws Exception {
    List<SocketChannel> attackers = new ArrayList<>();
    try (JarProcess slipway = JarProcess.start(environment(), folder, "-Xmx300m")) {
      deliverAll(slipway.at("/"));
      long before = slipway.memory();
      int number = senders();
      for (int i = 0; i < number; i++) {
        attackers.add(attack(slipway.at("/").getPort(), 65_535));
        if (i % 1000 == 0) {
          deliverAll(slipway.at("/"));
        }
      }
      for (int round = 0; round < 6; round++) {
        drip(attackers, 20, slipway.at("/").getPort());
        deliverAll(slipway.at("/"));
      }
      assertThat(slipway.isAlive()).isTrue();
      assertThat(slipway.memory() - before).as("MiB more than before").isLessThan(400);
      for (SocketChannel attacker : attackers) {
        attacker.close();
      }
      deliverAll(slipway.at("/"));
      String figures =
          RawDelivery.of("").method("GET").path("/prometheus").to(slipway.at("/")).body();
      assertThat(figures)
          .containsPattern(
              "slipway_refused_total\\{cause=\"dropped\",endpoint=\"connection\"} [1-9]");
      slipway.terminate();
      assertThat(slipway.awaitExit()).isZero();
      assertThat(slipway.output()).doesNotContain("OutOfMemory", "\tat ");
    } finally {
      for (SocketChannel attacker : attackers) {
        attacker.close();
      }
    }
  }

  private Map<String, String> environment() {
    return Map.of(
        "GITHUB_WEBHOOK_SECRET",
        SlipwayServer.SECRET,
        "GITHUB_API_URL",
        "http://127.0.0.1:1",
        "SLIPWAY_DATA",
        folder.resolve("data").toString(),
        "DEPLOY_CMD",
        "true");
  }

  /** As many as the file handles of this process are good for. */
  private static int senders() {
    long handles =
        ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getMaxFileDescriptorCount();
    return Math.clamp(handles - 500, 1, 6000);
  }

  private static SocketChannel attack(int port, int length) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String head =
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "X-GitHub-Event: deployment\r\nX-GitHub-Delivery: x\r\nX-Hub-Signature-256: sha256="
            + "0".repeat(64)
            + "\r\nContent-Length: %d\r\n\r\n{".formatted(length);
    int _ = channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    channel.configureBlocking(false);
    return channel;
  }

  /** Each that is still open sends some more; who was turned away comes again. */
  private static void drip(List<SocketChannel> attackers, int again, int port) throws IOException {
    for (int i = 0; i < attackers.size(); i++) {
      try {
        int _ = attackers.get(i).write(ByteBuffer.wrap(new byte[] {' '}));
      } catch (IOException closed) {
        attackers.get(i).close();
        if (i % again == 0) {
          attackers.set(i, attack(port, 26_214_400));
        }
      }
    }
  }

  private void deliverAll(URI server) {
    delivered(server, RawDelivery.of(event(300)));
    delivered(server, RawDelivery.of(event(2000)).chunked("", ""));
    delivered(server, RawDelivery.of(event(5 * 1024 * 1024)));
  }

  private static void delivered(URI server, RawDelivery parcel) {
    long start = System.nanoTime();
    RawDelivery.Reply reply = parcel.to(server);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
  }

  private String event(int size) {
    String event = SlipwayServer.event(next.getAndIncrement(), "production", SlipwayServer.SHA);
    return event.length() >= size
        ? event
        : event.substring(0, event.length() - 1)
            + ",\"filler\":\""
            + "x".repeat(size - event.length())
            + "\"}";
  }
}
