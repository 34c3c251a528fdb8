package dev.slipway.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between Slipway and its PostgreSQL. It can fall silent, as behind a firewall that
 * forgot: nothing arrives, and nobody is told. What was connected then stays so for ever.
 */
public final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
  private volatile int port;
  private volatile boolean silent;

  /** One connection; when it was silent once, it stays so. */
  private final class Wire {
    private final Socket near;
    private final Socket far;
    private volatile boolean dead;

    Wire(Socket near, Socket far) {
      this.near = near;
      this.far = far;
      Thread.ofVirtual().start(() -> carry(near, far));
      Thread.ofVirtual().start(() -> carry(far, near));
    }

    private void carry(Socket from, Socket to) {
      byte[] bytes = new byte[8192];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int size = in.read(bytes); size >= 0; size = in.read(bytes)) {
          dead = dead || silent;
          if (!dead) {
            out.write(bytes, 0, size);
          }
        }
      } catch (IOException closed) {
        wires.remove(this);
      }
    }

    void close() {
      for (Socket socket : new Socket[] {near, far}) {
        try {
          socket.close();
        } catch (IOException closed) {
          wires.remove(this);
        }
      }
    }
  }

  /**
   * @param port of the PostgreSQL on this machine to which it leads
   */
  public Relay(int port) throws IOException {
    this.port = port;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        wires.add(new Wire(near, new Socket(InetAddress.getLoopbackAddress(), port)));
      }
    } catch (IOException closed) {
      wires.forEach(Wire::close);
    }
  }

  /** The address by which to connect through it, instead of straight. */
  public String through(String url) {
    return url.replaceFirst("//[^/]*/", "//127.0.0.1:" + listener.getLocalPort() + "/");
  }

  /** Lets nothing through; what is connected stays dead, also later. */
  public void fallSilent() {
    silent = true;
    wires.forEach(wire -> wire.dead = true);
  }

  /** Who connects from now on is heard. */
  public void recover() {
    silent = false;
  }

  /** Who connects from now on meets another server. */
  void leadTo(int other) {
    port = other;
  }

  /** The port that an address names. */
  public static int port(String url) {
    return Integer.parseInt(url.replaceFirst(".*//[^/]*:(\\d+)/.*", "$1"));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    wires.forEach(Wire::close);
  }
}
