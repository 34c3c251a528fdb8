package dev.slipway.web;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All connections that are open. When there are as many as there may be, the next one takes the
 * place of the one whose request has been on its way for longest, or else of the one that has not
 * read on for longest, or else of the one that has been idle for longest. One on which an answer is
 * being made is never dropped. OpenConnections are not limited by their address: behind a proxy all
 * have the same.
 */
@Singleton
final class OpenConnections {
  /** Heap that a connection with a request under way takes, and what Netty keeps for it. */
  private static final int MEMORY = 192 * 1024;

  private static final int MOST = 4000;

  /** One connection, as far as it matters here. */
  interface Connection {
    /** Closes it, soon. */
    void drop();

    /** The other side. */
    @Nullable InetSocketAddress peer();
  }

  private final int most;
  private final Refusals refusals;

  // All guarded by this
  private final Set<Connection> open = new HashSet<>();
  private final SequencedSet<Connection> arriving = new LinkedHashSet<>();
  private final SequencedSet<Connection> unread = new LinkedHashSet<>();
  private final SequencedSet<Connection> idle = new LinkedHashSet<>();

  @Inject
  OpenConnections(Refusals refusals) {
    this(most(), refusals);
  }

  OpenConnections(int most, Refusals refusals) {
    this.most = most;
    this.refusals = refusals;
  }

  /** How many the heap and the file handles of this process are good for. */
  private static int most() {
    long byHeap = Runtime.getRuntime().maxMemory() / MEMORY;
    long byFiles =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() / 2
            : MOST;
    return (int) Math.clamp(Math.min(byHeap, byFiles), 100L, (long) MOST);
  }

  /** Lets a connection in, or does not; another may have to go for it. */
  boolean admit(Connection newcomer) {
    Connection victim = null;
    synchronized (this) {
      if (open.size() >= most) {
        victim = victim();
        if (victim == null) {
          boolean _ = refusals.count(Refusal.CONNECTIONS_TOO_MANY, newcomer.peer());
          return false;
        }
        left(victim);
      }
      open.add(newcomer);
      arriving.add(newcomer);
    }
    if (victim != null) {
      boolean _ = refusals.count(Refusal.CONNECTION_DROPPED, victim.peer());
      victim.drop();
    }
    return true;
  }

  private @Nullable Connection victim() {
    return Stream.of(arriving, unread, idle)
        .filter(some -> !some.isEmpty())
        .findFirst()
        .map(SequencedSet::getFirst)
        .orElse(null);
  }

  /** An answer lies ready for it that it has not read, or not all of it; from now on. */
  synchronized void unread(Connection connection) {
    unread.remove(connection);
    if (open.contains(connection)) {
      unread.add(connection);
    }
  }

  /** It has read all that there was. */
  synchronized void read(Connection connection) {
    unread.remove(connection);
  }

  /** A request has begun to arrive on it. */
  synchronized void arriving(Connection connection) {
    idle.remove(connection);
    if (open.contains(connection)) {
      arriving.add(connection);
    }
  }

  /** Its request is there, and an answer is being made. */
  synchronized void busy(Connection connection) {
    idle.remove(connection);
    arriving.remove(connection);
  }

  /** It waits for another request. */
  synchronized void idle(Connection connection) {
    arriving.remove(connection);
    if (open.contains(connection)) {
      idle.add(connection);
    }
  }

  /** Its time for a request was over. */
  void late(Connection connection) {
    boolean _ = refusals.count(Refusal.REQUEST_TOO_SLOW, connection.peer());
  }

  /** It is cut off for what it sent. */
  void cutOff(Connection connection, Refusal why) {
    boolean _ = refusals.count(why, connection.peer());
  }

  /** It is closed. */
  synchronized void left(Connection connection) {
    open.remove(connection);
    arriving.remove(connection);
    unread.remove(connection);
    idle.remove(connection);
  }
}
