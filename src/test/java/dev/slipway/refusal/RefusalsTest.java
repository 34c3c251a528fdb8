package dev.slipway.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated
class RefusalsTest {
  private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4711);

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final Refusals refusals = new Refusals(() -> now);

  private boolean fails(String address) {
    return refusals.count(Refusal.API_TOKEN_WRONG, new InetSocketAddress(address, 1));
  }

  private void useUp(String address) {
    for (int i = 0; i < Refusals.TRIES; i++) {
      assertThat(fails(address)).isFalse();
    }
  }

  @Test
  void who_fails_too_often_in_a_minute_is_told_to_wait_until_it_is_over() {
    useUp("192.0.2.7");
    assertThat(fails("192.0.2.7")).isTrue();
    assertThat(fails("192.0.2.8")).isFalse();
    now = now.plus(Refusals.WINDOW);
    assertThat(fails("192.0.2.7")).isFalse();
  }

  @Test
  void another_address_of_the_same_ipv6_network_is_the_same_peer() {
    useUp("2001:db8:1:2::1");
    assertThat(fails("2001:db8:1:2::2")).isTrue();
    assertThat(fails("2001:db8:1:3::1")).isFalse();
  }

  @Test
  void what_is_no_try_at_a_secret_is_only_counted() {
    for (int i = 0; i < 2 * Refusals.TRIES; i++) {
      assertThat(refusals.count(Refusal.BODY_TOO_SLOW, PEER)).isFalse();
    }
    assertThat(refusals.count(Refusal.BODY_TOO_SLOW)).isEqualTo(2 * Refusals.TRIES);
    assertThat(refusals.count(Refusal.BUSY)).isZero();
  }

  @Test
  void an_endless_number_of_peers_is_not_remembered_and_new_ones_are() {
    useUp("192.0.2.7");
    for (int i = 0; i < 20_000; i++) {
      assertThat(fails("10.1.%d.%d".formatted(i / 256, i % 256))).isFalse();
    }
    assertThat(fails("192.0.2.7")).isFalse();
  }

  @Test
  void the_log_has_a_line_for_each_cause_with_the_number_since_the_last() {
    Logger logger = (Logger) LoggerFactory.getLogger(Refusals.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      for (int i = 0; i < 3; i++) {
        boolean _ = refusals.count(Refusal.SIGNATURE_MISMATCH, PEER);
      }
      boolean _ = refusals.count(Refusal.BUSY, null);
      refusals.logNew();
      refusals.logNew();
      boolean _ = refusals.count(Refusal.BUSY, null);
      refusals.logNew();
    } finally {
      logger.detachAppender(appender);
    }
    List<String> lines = appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("3 requests", "signature_mismatch", "192.0.2.7");
    assertThat(lines.get(1)).contains("one request", "busy");
    assertThat(lines.get(2)).contains("one request", "busy");
  }
}
