package dev.slipway.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * People who are not GitHub: each opens a connection, claims a signature and a long body, and sends
 * a byte of it now and then, for as long as it is let. Whoever is turned away comes again.
 */
final class UnsignedSenders implements AutoCloseable {
  private static final byte[] HEAD =
      """
      POST /webhooks/github HTTP/1.1
      Host: slipway
      Content-Type: application/json
      X-GitHub-Event: deployment
      X-GitHub-Delivery: 00000000-0000-0000-0000-000000000000
      X-Hub-Signature-256: sha256=%s
      Content-Length: 65000

      {\
      """
          .formatted("0".repeat(64))
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.US_ASCII);
  private static final int BETWEEN_BYTES_MILLIS = 500;

  private final int port;
  private final int count;
  private final Semaphore end = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().unstarted(this::drip);

  private UnsignedSenders(int port, int count) {
    this.port = port;
    this.count = count;
  }

  /** Opens so many connections to this port of this machine, until they are closed. */
  static UnsignedSenders at(int port, int count) {
    UnsignedSenders strangers = new UnsignedSenders(port, count);
    strangers.thread.start();
    return strangers;
  }

  private void drip() {
    List<Socket> open = new ArrayList<>();
    try {
      do {
        while (open.size() < count) {
          open.add(come());
        }
        open.removeIf(socket -> !send(socket));
      } while (!end.tryAcquire(BETWEEN_BYTES_MILLIS, TimeUnit.MILLISECONDS));
    } catch (IOException nobodyListens) {
      // it is killed all the time
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.forEach(UnsignedSenders::leave);
    }
  }

  private Socket come() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
    boolean _ = write(socket, HEAD);
    return socket;
  }

  private static boolean send(Socket socket) {
    boolean sent = write(socket, new byte[] {' '});
    if (!sent) {
      leave(socket);
    }
    return sent;
  }

  private static boolean write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException turnedAway) {
      return false;
    }
  }

  private static void leave(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // then it is closed
    }
  }

  @Override
  public void close() {
    end.release();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
