package dev.slipway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A real proxy: lets through what has the right login, whatever name was asked for, to one server
 * of the test.
 */
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket accepting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /**
   * @param login as {@code user:password}; null where none is asked for
   * @param behind the port of the server
   */
  public ConnectProxy(@Nullable String login, int behind) throws IOException {
    SocketService.start(
        accepting,
        socket -> {
          String head = head(socket.getInputStream());
          asked.add(head.substring(0, head.indexOf('\r')));
          OutputStream out = socket.getOutputStream();
          if (login != null && !head.contains(encoded(login))) {
            out.write("HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
            return;
          }
          try (Socket there = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            out.write("HTTP/1.1 200 Go\r\n\r\n".getBytes(ISO_8859_1));
            SocketService.join(socket, there);
          }
        });
  }

  private static String encoded(String login) {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** The first lines of the requests. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Where it listens on this machine. */
  public int port() {
    return accepting.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    accepting.close();
  }
}
