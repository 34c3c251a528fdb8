package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderLimitTest {
  private static final String HEADER = "a:\r\n";

  private static List<Boolean> read(String... sent) {
    EmbeddedChannel channel = new EmbeddedChannel(HeaderLimit.codec());
    for (String text : sent) {
      channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }
    List<Boolean> good = new ArrayList<>();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (next instanceof DecoderResultProvider part && part.decoderResult().isFailure()) {
        good.add(false);
      } else if (next instanceof LastHttpContent) {
        good.add(true);
      }
      boolean _ = ReferenceCountUtil.release(next);
    }
    boolean _ = channel.close().isDone();
    return good;
  }

  @Test
  void two_hundred_headers_are_read() {
    String head = "GET / HTTP/1.1\r\n" + HEADER.repeat(HeaderLimit.MOST) + "\r\n";
    assertThat(read(head, head)).containsExactly(true, true);
  }

  @Test
  void one_more_is_refused_before_the_head_has_ended() {
    assertThat(read("GET / HTTP/1.1\r\n" + HEADER.repeat(HeaderLimit.MOST + 3)))
        .containsExactly(false);
  }

  @Test
  void trailers_are_counted_as_well() {
    String chunks = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n";
    assertThat(read(chunks + HEADER.repeat(HeaderLimit.MOST) + "\r\n")).containsExactly(true);
    assertThat(read(chunks + HEADER.repeat(HeaderLimit.MOST + 3))).containsExactly(false);
  }

  @Test
  void a_bad_name_is_still_a_bad_name() {
    assertThat(read("GET / HTTP/1.1\r\na b: c\r\n\r\n")).containsExactly(false);
  }
}
