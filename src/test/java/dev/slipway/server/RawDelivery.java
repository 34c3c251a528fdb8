package dev.slipway.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A delivery as the bytes on the wire, so that everything about it can be wrong. */
final class RawDelivery {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> headers = new ArrayList<>();
  private byte[] body;
  private String method = "POST";
  private String path = "/webhooks/github";
  private String version = "HTTP/1.1";

  /** What came back; status 0 when the connection was closed without an answer. */
  record Reply(int status, String head, String body) {
    static Reply of(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (!text.startsWith("HTTP/")) {
        return new Reply(0, text, "");
      }
      int end = text.indexOf("\r\n\r\n");
      int status = Integer.parseInt(text.substring(9, 12));
      return status == 100
          ? of(text.substring(end + 4).getBytes(StandardCharsets.UTF_8))
          : new Reply(status, text.substring(0, end), text.substring(end + 4));
    }

    boolean has(String header) {
      return head.toLowerCase(Locale.ROOT).contains(header.toLowerCase(Locale.ROOT));
    }
  }

  private RawDelivery(byte[] body) {
    this.body = body;
    with("Host", "localhost");
    with("Connection", "close");
    with("Content-Type", "application/json");
    with("X-GitHub-Event", "deployment");
    with("X-GitHub-Enterprise-Host", "127.0.0.1");
    with("X-GitHub-Delivery", UUID.randomUUID().toString());
    with("X-Hub-Signature-256", SlipwayServer.sign(body));
    with("Content-Length", Integer.toString(body.length));
  }

  /** A delivery in which all is well. */
  static RawDelivery of(String body) {
    return new RawDelivery(body.getBytes(StandardCharsets.UTF_8));
  }

  static RawDelivery of(byte[] body) {
    return new RawDelivery(body);
  }

  RawDelivery with(String name, String value) {
    headers.add(name + ": " + value);
    return this;
  }

  RawDelivery without(String name) {
    headers.removeIf(header -> header.startsWith(name + ":"));
    return this;
  }

  RawDelivery but(String name, String value) {
    return without(name).with(name, value);
  }

  RawDelivery method(String other) {
    this.method = other;
    return this;
  }

  RawDelivery path(String other) {
    this.path = other;
    return this;
  }

  RawDelivery version(String other) {
    this.version = other;
    return this;
  }

  /** Sends another body than the one that was signed and measured. */
  RawDelivery sending(byte[] other) {
    this.body = other;
    return this;
  }

  /** Sends the body in chunks, without saying how long it is. */
  RawDelivery chunked(String extension, String trailers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; from += 100_000) {
      int size = Math.min(100_000, body.length - from);
      out.writeBytes(ascii(Integer.toHexString(size) + extension + "\r\n"));
      out.write(body, from, size);
      out.writeBytes(ascii("\r\n"));
    }
    out.writeBytes(ascii("0\r\n" + trailers + "\r\n"));
    return without("Content-Length")
        .with("Transfer-Encoding", "chunked")
        .sending(out.toByteArray());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  byte[] head() {
    return ascii(
        method + " " + path + " " + version + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
  }

  Reply to(URI server) {
    return to(server, false);
  }

  /** Sends all, says that no more comes, and reads what comes back. */
  Reply andHangUp(URI server) {
    return to(server, true);
  }

  private Reply to(URI server, boolean hangUp) {
    try (Socket socket = connect(server)) {
      send(socket, hangUp);
      return Reply.of(read(socket.getInputStream()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Socket connect(URI server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private void send(Socket socket, boolean hangUp) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(head());
      out.write(body);
      if (hangUp) {
        socket.shutdownOutput();
      }
    } catch (IOException refusedInTheMiddle) {
      // whoever does not want the rest may say so; the answer is what counts
    }
  }

  /** Reads to the end, or as far as a reset lets it; silence is a failure. */
  static byte[] read(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("no end after " + all.toString(StandardCharsets.UTF_8), e);
    } catch (java.net.SocketException reset) {
      // what came before the reset is the answer
    }
    return all.toByteArray();
  }
}
