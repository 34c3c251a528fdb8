package dev.slipway.app;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a request has not arrived in time. A sender of a byte a second is
 * never idle, so an idle limit alone would let it hold its connection for ever.
 */
@Singleton
final class RequestDeadline implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  /**
   * From a request's first byte, or the connection's start, to the request's end. A little more
   * than what the door gives a body, so that its answer is still sent.
   */
  static final Duration LIMIT = Duration.ofSeconds(25);

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer());
    return event.getBean();
  }

  private record Customizer(@Nullable Channel connection) implements NettyServerCustomizer {
    Customizer() {
      this(null);
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return role == ChannelRole.CONNECTION ? new Customizer(channel) : this;
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (connection != null) {
        install(connection, ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC);
      }
    }
  }

  /** Watches a connection from both sides of the handler that reads HTTP. */
  static void install(Channel connection, String codec) {
    Watch watch = new Watch(connection);
    connection.pipeline().addBefore(codec, "request-deadline-bytes", new Bytes(watch));
    connection.pipeline().addAfter(codec, "request-deadline-ends", new Ends(watch));
  }

  /** Runs in the connection's own event loop only. */
  private static final class Watch {
    private final Channel connection;
    private @Nullable ScheduledFuture<?> alarm;

    Watch(Channel connection) {
      this.connection = connection;
      begin();
    }

    void begin() {
      if (alarm == null) {
        alarm =
            connection.eventLoop().schedule(this::close, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    void stop() {
      if (alarm != null) {
        boolean _ = alarm.cancel(false);
        alarm = null;
      }
    }

    private void close() {
      var _ = connection.close();
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
      context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      watch.stop();
      context.fireChannelInactive();
    }
  }

  private static final class Ends extends ChannelInboundHandlerAdapter {
    private final Watch watch;

    Ends(Watch watch) {
      this.watch = watch;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof LastHttpContent) {
        watch.stop();
      }
      context.fireChannelRead(message);
    }
  }
}
