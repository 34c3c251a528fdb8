package dev.slipway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection may take for a request, by Netty's own clock for tests. */
class RequestDeadlineTest {
  private static final String HEADERS = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n";

  private final EmbeddedChannel connection = new EmbeddedChannel();

  @BeforeEach
  void install() {
    connection.freezeTime();
    connection.pipeline().addLast("codec", new HttpServerCodec());
    RequestDeadline.install(connection, "codec");
  }

  private void send(String text) {
    connection.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
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
}
