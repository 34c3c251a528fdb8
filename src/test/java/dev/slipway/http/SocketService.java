package dev.slipway.http;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** What a small server of a test does with each connection. */
interface SocketService {
  void serve(Socket socket) throws IOException;

  /** Serves each connection in a thread of its own, until the socket is closed. */
  static void start(ServerSocket accepting, SocketService service) {
    Thread.ofVirtual()
        .start(
            () -> {
              while (!accepting.isClosed()) {
                try {
                  Socket socket = accepting.accept();
                  Thread.ofVirtual().start(() -> serve(service, socket));
                } catch (IOException closed) {
                  return;
                }
              }
            });
  }

  private static void serve(SocketService service, Socket socket) {
    try (socket) {
      service.serve(socket);
    } catch (IOException brokenOff) {
      return;
    }
  }

  /** Hands on what comes from either side to the other one, until the first is done. */
  static void join(Socket here, Socket there) {
    Thread back = Thread.ofVirtual().start(() -> copy(there, here));
    copy(here, there);
    back.interrupt();
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException brokenOff) {
      return;
    }
  }
}
