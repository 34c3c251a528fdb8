package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Senders that never come to an end do not keep the others out, and are turned away. */
@Order(1) // takes long
class SlowSendersIT {
  private static final int SENDERS = 500;

  @TempDir Path folder;

  @Test
  @Timeout(90)
  void five_hundred_half_sent_requests_hinder_nobody_and_are_closed() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (SlipwayServer world = new SlipwayServer(folder).set("DEPLOY_CMD", "true").start()) {
      for (int i = 0; i < SENDERS; i++) {
        slow.add(halfSent(world.at("/").getPort(), i));
      }

      for (int i = 0; i < 20; i++) {
        assertThat(
                world
                    .deliver(SlipwayServer.event(100 + i, "preview-" + i, SlipwayServer.SHA))
                    .statusCode())
            .isEqualTo(202);
      }
      world.awaitEnd(119);
      for (int i = 0; i < SENDERS; i++) {
        slow.get(i).setSoTimeout(30_000);
        assertThat(isClosed(slow.get(i))).as("sender %d", i).isTrue();
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** Half of them stop in the headers, half in the body. */
  private static Socket halfSent(int port, int number) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String head =
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nX-GitHub-Event: deployment\r\n"
            + "X-GitHub-Delivery: slow-%d\r\nX-Hub-Signature-256: sha256=%s\r\n"
                .formatted(number, "0".repeat(64));
    String rest = number % 2 == 0 ? "" : "Content-Length: 1000\r\n\r\n{\"action\":";
    socket.getOutputStream().write((head + rest).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Reads what may have been answered, up to the end of the connection. */
  private static boolean isClosed(Socket socket) throws IOException {
    try {
      byte[] _ = socket.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }
}
