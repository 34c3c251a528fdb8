package dev.slipway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends requests over kept connections, all of them from one thread. */
final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final InetSocketAddress to;
  private final Supplier<ByteBuffer> requests;
  private final Selector selector = Selector.open();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final List<Long> latencies = new ArrayList<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private long countedFrom = System.nanoTime();
  private int underWay;

  Load(int port, Supplier<ByteBuffer> requests) throws IOException {
    this.to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.requests = requests;
  }

  /**
   * What came back.
   *
   * @param sorted how long each answer took from when its request was due, in nanoseconds
   * @param statuses how often each status was answered; 0 where the connection broke
   */
  record Result(List<Long> sorted, Map<Integer, Integer> statuses, Duration took) {
    double millis(double share) {
      return sorted.isEmpty()
          ? Double.NaN
          : sorted.get((int) Math.min(sorted.size() - 1, Math.round(sorted.size() * share))) / 1e6;
    }
  }

  /**
   * As fast as answers come, on so many connections, until so many were sent or the time is over.
   */
  Result saturate(int connections, int count, Duration limit) throws IOException {
    for (int i = 0; i < connections; i++) {
      idle.add(new Connection());
    }
    long begun = System.nanoTime();
    int sent = 0;
    while (System.nanoTime() - begun < limit.toNanos() && (sent < count || underWay > 0)) {
      while (sent < count && !idle.isEmpty()) {
        sent++;
        idle.remove().send(System.nanoTime());
      }
      turn(100);
    }
    return result(begun);
  }

  /** At an even pace, whatever the answers do. */
  Result paced(double perSecond, Duration length) throws IOException {
    return paced(perSecond, Duration.ZERO, length);
  }

  /** Does the same, and has it go on for a while before anything counts. */
  Result paced(double perSecond, Duration before, Duration counted) throws IOException {
    Duration length = before.plus(counted);
    long begun = System.nanoTime();
    countedFrom = begun + before.toNanos();
    long sent = 0;
    long all = Math.round(perSecond * length.toNanos() / 1e9);
    while (sent < all || (underWay > 0 && System.nanoTime() - begun < deadline(length))) {
      long due = begun + Math.round(sent * 1e9 / perSecond);
      long early = due - System.nanoTime();
      if (sent == all) {
        turn(100);
      } else if (early > 0) {
        turn(early / 1_000_000);
      } else {
        sent++;
        (idle.isEmpty() ? new Connection() : idle.remove()).send(due);
      }
    }
    return result(countedFrom);
  }

  private static long deadline(Duration length) {
    return length.plus(PATIENCE).toNanos();
  }

  private Result result(long begun) {
    if (underWay > 0) {
      statuses.merge(0, underWay, Integer::sum);
    }
    List<Long> sorted = latencies.stream().sorted().toList();
    return new Result(sorted, Map.copyOf(statuses), Duration.ofNanos(System.nanoTime() - begun));
  }

  /** Zero milliseconds look and return at once. */
  private void turn(long millis) throws IOException {
    int _ = millis == 0 ? selector.selectNow() : selector.select(millis);
    for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
      SelectionKey key = keys.next();
      keys.remove();
      ((Connection) key.attachment()).ready();
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private final class Connection {
    private final ByteBuffer answer = ByteBuffer.allocate(16 * 1024);
    private SocketChannel channel;
    private SelectionKey key;
    private @Nullable ByteBuffer request;
    private long due;

    Connection() throws IOException {
      channel = SocketChannel.open();
      key = connect();
    }

    private SelectionKey connect() throws IOException {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      boolean _ = channel.connect(to);
      channel.configureBlocking(false);
      return channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(long when) throws IOException {
      due = when;
      underWay++;
      answer.clear();
      request = requests.get();
      ready();
    }

    void ready() throws IOException {
      try {
        if (request != null && request.hasRemaining()) {
          int _ = channel.write(request);
          key.interestOps(
              request.hasRemaining()
                  ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                  : SelectionKey.OP_READ);
        }
        int read = channel.read(answer);
        if (read < 0) {
          broken();
        } else if (read > 0 && isWhole()) {
          answered(status());
        }
      } catch (IOException e) {
        broken();
      }
    }

    private void answered(int status) throws IOException {
      if (isCounted()) {
        latencies.add(System.nanoTime() - due);
      }
      boolean closes = text().contains("\r\nconnection: close");
      if (closes) {
        renew();
      }
      end(status);
    }

    private void broken() throws IOException {
      boolean waited = request != null;
      renew();
      if (waited) {
        end(0);
      }
    }

    private void renew() throws IOException {
      channel.close();
      channel = SocketChannel.open();
      key = connect();
    }

    private void end(int status) {
      request = null;
      underWay--;
      if (isCounted()) {
        statuses.merge(status, 1, Integer::sum);
      }
      idle.add(this);
    }

    private boolean isCounted() {
      return due - countedFrom >= 0;
    }

    private String text() {
      return new String(answer.array(), 0, answer.position(), US_ASCII).toLowerCase(Locale.ROOT);
    }

    private int status() {
      return Integer.parseInt(new String(answer.array(), 9, 3, US_ASCII));
    }

    private boolean isWhole() {
      String text = text();
      int body = text.indexOf("\r\n\r\n") + 4;
      if (body < 4) {
        return false;
      }
      int length = text.indexOf("\r\ncontent-length:");
      if (length < 0 || length > body) {
        return text.endsWith("0\r\n\r\n");
      }
      String value = text.substring(length + 17, text.indexOf('\r', length + 2)).strip();
      return answer.position() >= body + Integer.parseInt(value);
    }
  }
}
