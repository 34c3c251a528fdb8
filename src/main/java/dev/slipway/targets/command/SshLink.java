package dev.slipway.targets.command;

import dev.slipway.targets.Fence;
import dev.slipway.targets.FencedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;

/** Runs scripts on the server, each in a channel of its own. */
final class SshLink implements AutoCloseable {
  private static final int LARGEST_HEAD = 4 * 1024;
  private static final int LARGEST_TELLING = 128 * 1024;

  private final Duration silence;
  private final SshConnections connections;
  private final String nonce = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

  /**
   * @param silence after how long without any sign of life a connection counts as lost
   */
  SshLink(SshConfig config, Duration silence) {
    this.silence = silence;
    this.connections = new SshConnections(config, silence);
  }

  /** What came of a script. */
  sealed interface Ran {
    /**
     * It ran to its end, or was never begun by a server that runs no commands.
     *
     * @param exitStatus empty when a signal ended it
     */
    record Done(ScriptReply told, OptionalInt exitStatus) implements Ran {}

    /** It did not, as far as we know. */
    sealed interface Broken extends Ran {
      String reason();
    }

    /** The server was not reached, or has no room for one more: surely nothing ran. */
    record NotReached(String reason) implements Broken {}

    /** The server does not let us in before somebody changes something: surely nothing ran. */
    record TurnedAway(String reason) implements Broken {}

    /** The connection broke while it ran. */
    record Lost(ScriptReply told, String reason) implements Broken {}
  }

  /** Writes what a script reads. */
  interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Takes what a script writes to stdout. */
  interface Output {
    void take(byte[] bytes);
  }

  /** What has to be passed right before a script is sent. */
  private interface Gate<E extends Exception> {
    void pass() throws E, InterruptedException;
  }

  /** Runs one of {@link Scripts} that starts nothing; its first argument is the nonce. */
  Ran run(String script, List<String> arguments, Input input, Output output)
      throws InterruptedException {
    return this.<RuntimeException>run(
        Scripts.line(script, nonce, arguments), () -> {}, input, output);
  }

  /** Runs the one of {@link Scripts} that starts a command, if the fence lets it. */
  Ran start(String script, List<String> arguments, Fence fence, Input input)
      throws FencedException, InterruptedException {
    return run(Scripts.line(script, nonce, arguments), fence::confirm, input, _ -> {});
  }

  private <E extends Exception> Ran run(String line, Gate<E> gate, Input input, Output output)
      throws E, InterruptedException {
    while (true) {
      SshConnections.Connection connection;
      try {
        connection = connections.take();
      } catch (SshConnections.TurnedAwayException e) {
        return new Ran.TurnedAway(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        return new Ran.NotReached(String.valueOf(e.getMessage()));
      }
      try {
        gate.pass();
        return run(connection, line, input, output);
      } catch (SshChannelOpenException full) {
        // What runs on the connection goes on; it is sound
        if (!connections.isFull(connection)) {
          connections.drop(connection);
          return new Ran.NotReached(
              connections.address() + " opens no further channel: " + full.getMessage());
        }
      } finally {
        connections.give(connection);
      }
    }
  }

  private Ran run(SshConnections.Connection connection, String line, Input input, Output output)
      throws InterruptedException, SshChannelOpenException {
    Telling told = new Telling();
    BoundedPipe stdout = new BoundedPipe(silence);
    try (ChannelExec channel = connection.session().createExecChannel(line)) {
      channel.setErr(told);
      channel.setOut(stdout);
      channel.addCloseFutureListener(_ -> stdout.end());
      channel.open().verify(SshConnections.PATIENCE);
      Optional<IOException> unread = write(input, channel);
      for (var piece = stdout.next(); piece.isPresent(); piece = stdout.next()) {
        output.take(piece.get());
      }
      if (channel.getExitStatus() == null && channel.getExitSignal() == null) {
        throw unread.orElseGet(() -> new IOException("closed without an exit status"));
      }
      Integer status = channel.getExitStatus();
      return new Ran.Done(
          told.by(nonce), status == null ? OptionalInt.empty() : OptionalInt.of(status));
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      if (e.getCause() instanceof SshChannelOpenException full) {
        throw full;
      }
      connections.drop(connection);
      return new Ran.Lost(
          told.by(nonce), "connection to " + connections.address() + " lost: " + e.getMessage());
    }
  }

  /**
   * A script that ends before it read everything closes the channel on us; what it told counts.
   *
   * @return what broke, if not all was written
   */
  private static Optional<IOException> write(Input input, ChannelExec channel)
      throws InterruptedException {
    try (OutputStream stdin = channel.getInvertedIn()) {
      input.writeTo(stdin);
      return Optional.empty();
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      return Optional.of(e);
    }
  }

  /** How many connections there are. */
  int connections() {
    return connections.count();
  }

  @Override
  public void close() {
    connections.close();
  }

  /**
   * The stderr of a script. Of a flood the beginning is kept, which says what is wrong with the
   * server, and the end, in which the script's own lines are.
   */
  private static final class Telling extends OutputStream {
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tail = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      int first = Math.min(length, LARGEST_HEAD - head.size());
      head.write(bytes, offset, first);
      tail.write(bytes, offset + first, length - first);
      if (tail.size() > 2 * LARGEST_TELLING) {
        byte[] all = tail.toByteArray();
        tail.reset();
        tail.write(all, all.length - LARGEST_TELLING, LARGEST_TELLING);
      }
    }

    synchronized ScriptReply by(String nonce) {
      head.writeBytes(tail.toByteArray());
      tail.reset();
      return ScriptReply.of(head.toString(StandardCharsets.UTF_8), nonce);
    }
  }
}
