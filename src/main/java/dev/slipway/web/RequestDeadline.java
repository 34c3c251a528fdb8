package dev.slipway.web;

import dev.slipway.refusal.Refusal;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a request has not arrived in time, and keeps {@link OpenConnections}
 * informed. A sender of a byte a second is never idle, so an idle limit alone would let it hold its
 * connection for ever.
 */
@Singleton
final class RequestDeadline implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  /**
   * From a request's first byte, or the connection's start, to the request's end. More than what
   * the webhook endpoint gives a body, so that its answer is still sent.
   */
  static final Duration LIMIT = Duration.ofSeconds(25);

  /** How long an answer may wait to be read on. */
  static final Duration UNREAD = Duration.ofSeconds(30);

  /** How long a connection is kept for another request. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

  /**
   * How many requests may be on a connection before the first of them is answered: each takes
   * memory with its answer, and nothing keeps a sender from sending thousands. GitHub and browsers
   * send one.
   */
  static final int MOST_AHEAD = 8;

  private static final String BUSY =
      "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"too"
          + " many connections at once; try again in a minute\",\"error\":\"busy\"}";
  private static final byte[] ANSWER =
      """
      HTTP/1.1 503 Service Unavailable
      Content-Type: application/problem+json
      Content-Length: %d
      Retry-After: 60
      Cache-Control: no-store
      X-Content-Type-Options: nosniff
      Connection: close

      %s\
      """
          .formatted(BUSY.length(), BUSY)
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final OpenConnections connections;

  RequestDeadline(OpenConnections connections) {
    this.connections = connections;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(connections, null));
    return event.getBean();
  }

  private record Customizer(OpenConnections connections, @Nullable Channel connection)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return role == ChannelRole.CONNECTION ? new Customizer(connections, channel) : this;
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (connection != null) {
        String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
        ChannelHandler _ = connection.pipeline().replace(codec, codec, HeaderLimit.codec());
        install(connection, codec, connections);
      }
    }
  }

  /** Watches a connection from both sides of the handler that reads HTTP, if it may stay. */
  static void install(Channel channel, String codec, OpenConnections connections) {
    Watch watch = new Watch(channel, connections);
    channel.pipeline().addBefore(codec, "request-deadline-bytes", new Bytes(watch));
    channel.pipeline().addAfter(codec, "request-deadline-ends", new Ends(watch));
    if (connections.admit(watch)) {
      watch.begin();
    } else {
      watch.refuse();
    }
  }

  /** But for what {@link OpenConnections} calls, runs in the connection's own event loop only. */
  private static final class Watch implements OpenConnections.Connection {
    private final Channel channel;
    private final OpenConnections connections;
    private @Nullable ScheduledFuture<?> alarm;
    private @Nullable ScheduledFuture<?> unreadAlarm;
    private int writes;
    private boolean arriving;
    private boolean heard;
    private boolean answering;
    // Of requests that came whole; below zero while one was answered before it did
    private int unanswered;
    private int begun;
    private boolean over;

    Watch(Channel channel, OpenConnections connections) {
      this.channel = channel;
      this.connections = connections;
    }

    @Override
    public @Nullable InetSocketAddress peer() {
      return channel.remoteAddress() instanceof InetSocketAddress address ? address : null;
    }

    void begin() {
      if (!arriving) {
        arriving = true;
        if (unanswered <= 0) {
          connections.arriving(this);
        }
        closeAfter(LIMIT, () -> connections.late(this));
      }
    }

    /** Whether one more request may be read; if not, none is any more. */
    boolean takes() {
      begun++;
      if (begun > MOST_AHEAD && !over) {
        over = true;
        connections.cutOff(this, Refusal.REQUESTS_TOO_MANY);
        close();
      }
      return !over;
    }

    boolean isOver() {
      return over;
    }

    void arrived() {
      arriving = false;
      unanswered++;
      cease();
      rest();
    }

    void answering() {
      answering = true;
    }

    void answered() {
      answering = false;
      heard = false;
      begun--;
      unanswered--;
      if (arriving && unanswered <= 0) {
        connections.arriving(this);
      }
      rest();
    }

    /** Decides what it is to be taken for, when it is not waiting for the rest of a request. */
    private void rest() {
      if (arriving) {
        return;
      }
      if (unanswered > 0) {
        connections.busy(this);
      } else {
        connections.idle(this);
        closeAfter(KEEP_ALIVE, () -> {});
      }
    }

    private void closeAfter(Duration limit, Runnable first) {
      cease();
      alarm =
          channel
              .eventLoop()
              .schedule(
                  () -> {
                    first.run();
                    close();
                  },
                  limit.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    private void cease() {
      if (alarm != null) {
        boolean _ = alarm.cancel(false);
        alarm = null;
      }
    }

    void write() {
      writes++;
      if (writes == 1) {
        unread();
      }
    }

    void written() {
      writes--;
      if (writes == 0) {
        forget();
        connections.read(this);
      } else {
        unread();
      }
    }

    /** From now on it has so long to read something. */
    private void unread() {
      forget();
      connections.unread(this);
      unreadAlarm =
          channel.eventLoop().schedule(this::close, UNREAD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void forget() {
      if (unreadAlarm != null) {
        boolean _ = unreadAlarm.cancel(false);
        unreadAlarm = null;
      }
    }

    void closed() {
      cease();
      forget();
      connections.left(this);
    }

    @Override
    public void drop() {
      channel
          .eventLoop()
          .execute(
              () -> {
                if (heard && !answering) {
                  refuse();
                } else {
                  close();
                }
              });
    }

    /** Says why; past the handlers that would make HTTP of it. */
    void refuse() {
      ChannelHandlerContext below = channel.pipeline().context(Bytes.class);
      if (below == null) {
        // It went by itself in the meantime
        return;
      }
      ByteBuf answer = Unpooled.wrappedBuffer(ANSWER);
      var _ = below.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    private void close() {
      var _ = channel.close();
    }
  }

  private static final class Bytes extends ChannelInboundHandlerAdapter {
    private final Watch watch;

    Bytes(Watch watch) {
      this.watch = watch;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      watch.begin();
      watch.heard = true;
      context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      watch.closed();
      context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      watch.closed();
    }
  }

  private static final class Ends extends ChannelDuplexHandler {
    private final Watch watch;

    Ends(Watch watch) {
      this.watch = watch;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (watch.isOver() || (message instanceof HttpRequest && !watch.takes())) {
        // Of what was read in one go the rest still comes
        boolean _ = ReferenceCountUtil.release(message);
        return;
      }
      // One that came in the same packet as the end of the last
      if (message instanceof HttpRequest) {
        watch.begin();
      }
      if (message instanceof LastHttpContent) {
        watch.arrived();
      }
      context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      boolean interim =
          message instanceof HttpResponse response
              && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (message instanceof HttpResponse && !interim) {
        watch.answering();
      }
      ChannelPromise written = promise.unvoid();
      watch.write();
      var _ = written.addListener(_ -> watch.written());
      if (message instanceof LastHttpContent && !interim) {
        var _ = written.addListener(_ -> watch.answered());
      }
      var _ = context.write(message, written);
    }
  }
}
