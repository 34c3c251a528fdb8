package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection may take for a request, by Netty's own clock for tests. */
class RequestDeadlineTest {
  private static final String HEADERS = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n";

  private final Refusals refusals = new Refusals(() -> Instant.EPOCH);
  private final OpenConnections connections = new OpenConnections(2, refusals);
  private final EmbeddedChannel connection = new EmbeddedChannel();

  @BeforeEach
  void install() {
    install(connection);
  }

  private EmbeddedChannel install(EmbeddedChannel channel) {
    channel.freezeTime();
    channel.pipeline().addLast("codec", HeaderLimit.codec());
    RequestDeadline.install(channel, "codec", connections);
    return channel;
  }

  private void send(String text) {
    send(connection, text);
  }

  private static void send(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private static void answer(EmbeddedChannel channel) {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
  }

  private static String told(EmbeddedChannel channel) {
    channel.runPendingTasks();
    StringBuilder told = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      told.append(next.toString(StandardCharsets.US_ASCII));
      next.release();
    }
    return told.toString();
  }

  private void pass(long seconds) {
    connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
  }

  @Test
  void a_connection_that_sends_nothing_is_closed() {
    pass(24);
    assertThat(connection.isOpen()).isTrue();
    pass(2);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void a_byte_a_second_does_not_keep_it_open() {
    for (int i = 0; i < 25; i++) {
      send(HEADERS.substring(i, i + 1));
      pass(1);
    }
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void a_body_that_stops_half_way_does_not_keep_it_open_either() {
    send(HEADERS + "bo");
    pass(24);
    assertThat(connection.isOpen()).isTrue();
    pass(2);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void once_the_request_is_there_the_answer_may_take_its_time() {
    send(HEADERS + "bo");
    pass(20);
    send("dy");
    pass(60);
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void a_second_request_has_the_same_time() {
    send(HEADERS + "body");
    send("POST ");
    pass(24);
    assertThat(connection.isOpen()).isTrue();
    pass(2);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void a_second_request_that_begins_in_the_packet_of_the_first_has_no_more_time() {
    send(HEADERS + "body" + HEADERS + "bo");
    answer(connection);
    pass(24);
    assertThat(connection.isOpen()).isTrue();
    pass(2);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void a_second_request_that_hides_behind_the_first_goes_for_a_newcomer() {
    send(HEADERS + "body" + HEADERS + "bo");
    EmbeddedChannel other = install(new EmbeddedChannel());
    send(other, HEADERS + "body" + HEADERS + "bo");
    answer(connection);
    answer(other);
    EmbeddedChannel newest = install(new EmbeddedChannel());
    told(connection);
    assertThat(connection.isOpen()).isFalse();
    assertThat(newest.isOpen()).isTrue();
  }

  @Test
  void who_sends_request_after_request_without_waiting_for_answers_is_cut_off() {
    send((HEADERS + "body").repeat(RequestDeadline.MOST_AHEAD));
    assertThat(connection.isOpen()).isTrue();
    send((HEADERS + "body").repeat(1000));
    assertThat(connection.isOpen()).isFalse();
    assertThat(requests(connection)).isEqualTo(RequestDeadline.MOST_AHEAD);
    assertThat(refusals.count(Refusal.REQUESTS_TOO_MANY)).isOne();
  }

  @Test
  void any_number_of_requests_may_follow_each_other() {
    for (int i = 0; i < 100; i++) {
      send((HEADERS + "body").repeat(RequestDeadline.MOST_AHEAD));
      for (int answer = 0; answer < RequestDeadline.MOST_AHEAD; answer++) {
        answer(connection);
      }
      told(connection);
    }
    assertThat(connection.isOpen()).isTrue();
    assertThat(requests(connection)).isEqualTo(100 * RequestDeadline.MOST_AHEAD);
  }

  private static int requests(EmbeddedChannel channel) {
    int requests = 0;
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      requests += next instanceof HttpRequest ? 1 : 0;
      boolean _ = ReferenceCountUtil.release(next);
    }
    return requests;
  }

  @Test
  void a_connection_is_kept_for_another_request_but_not_for_ever() {
    send(HEADERS + "body");
    pass(600);
    answer(connection);
    pass(74);
    assertThat(connection.isOpen()).isTrue();
    pass(2);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void one_connection_too_many_takes_the_place_of_the_request_that_drips_longest() {
    send(HEADERS + "bo");
    EmbeddedChannel younger = install(new EmbeddedChannel());
    send(younger, HEADERS + "bo");
    EmbeddedChannel newest = install(new EmbeddedChannel());
    assertThat(told(connection)).startsWith("HTTP/1.1 503").contains("\"error\":\"busy\"");
    assertThat(connection.isOpen()).isFalse();
    assertThat(younger.isOpen()).isTrue();
    assertThat(newest.isOpen()).isTrue();
    assertThat(refusals.count(Refusal.CONNECTION_DROPPED)).isOne();
  }

  @Test
  void one_that_went_by_itself_before_it_was_told_to_is_nobodys_trouble() {
    send(HEADERS + "bo");
    install(new EmbeddedChannel());
    EmbeddedChannel newest = new EmbeddedChannel();
    connection
        .pipeline()
        .addFirst(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelInactive(ChannelHandlerContext context) {
                install(newest);
                context.fireChannelInactive();
              }
            });
    var _ = connection.close();
    connection.runPendingTasks();
    connection.checkException();
    assertThat(refusals.count(Refusal.CONNECTION_DROPPED)).isOne();
    assertThat(newest.isOpen()).isTrue();
  }

  @Test
  void an_idle_connection_goes_only_when_no_request_drips_and_without_a_word() {
    send(HEADERS + "body");
    answer(connection);
    assertThat(told(connection)).startsWith("HTTP/1.1 200");
    EmbeddedChannel dripping = install(new EmbeddedChannel());
    EmbeddedChannel busy = install(new EmbeddedChannel());
    told(dripping);
    assertThat(dripping.isOpen()).isFalse();
    assertThat(connection.isOpen()).isTrue();
    send(busy, HEADERS + "body");
    EmbeddedChannel newest = install(new EmbeddedChannel());
    assertThat(told(connection)).isEmpty();
    assertThat(connection.isOpen()).isFalse();
    assertThat(newest.isOpen()).isTrue();
  }

  @Test
  void where_an_answer_is_being_made_for_all_the_next_is_turned_away() {
    send(HEADERS + "body");
    EmbeddedChannel other = install(new EmbeddedChannel());
    send(other, HEADERS + "body");
    EmbeddedChannel newest = install(new EmbeddedChannel());
    assertThat(told(newest)).startsWith("HTTP/1.1 503").contains("Retry-After: 60");
    assertThat(newest.isOpen()).isFalse();
    assertThat(refusals.count(Refusal.CONNECTIONS_TOO_MANY)).isOne();
    answer(connection);
    assertThat(told(connection)).startsWith("HTTP/1.1 200");
    var _ = connection.close();
    assertThat(install(new EmbeddedChannel()).isOpen()).isTrue();
  }

  @Test
  void an_answer_that_nobody_reads_is_not_kept_for_ever() {
    Silent silent = new Silent();
    connection.pipeline().addFirst(silent);
    send(HEADERS + "body");
    answer(connection);
    pass(29);
    assertThat(connection.isOpen()).isTrue();
    pass(2);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void who_does_not_read_goes_before_who_is_idle() {
    connection.pipeline().addFirst(new Silent());
    EmbeddedChannel idle = install(new EmbeddedChannel());
    send(idle, HEADERS + "body");
    answer(idle);
    send(HEADERS + "body");
    answer(connection);
    EmbeddedChannel newest = install(new EmbeddedChannel());
    told(connection);
    assertThat(connection.isOpen()).isFalse();
    assertThat(idle.isOpen()).isTrue();
    assertThat(newest.isOpen()).isTrue();
  }

  /** The other side takes nothing, so that no write ever ends. */
  private static final class Silent extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
    }
  }
}
