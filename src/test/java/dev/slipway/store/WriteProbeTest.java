package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.time.SettableTime;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated
class WriteProbeTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(WriteProbe.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final SettableTime time = new SettableTime();

  @BeforeEach
  void listen() {
    told.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(told);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(told);
    logger.setLevel(null);
  }

  private List<String> told() {
    return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void an_outage_is_told_once_and_so_is_its_end() {
    try (Database database = TestDatabases.SQLITE.open()) {
      WriteProbe probe = new WriteProbe(database::write, time);
      for (int i = 0; i < 30; i++) {
        probe.recordFailure(new SQLException("disk full"));
        // On a full disk small writes find room
        probe.recordSuccess();
        time.pass(Duration.ofSeconds(1));
      }
      assertThat(told())
          .containsExactly("The database cannot be written; runs and deliveries wait: disk full");
      time.pass(Duration.ofSeconds(10));
      probe.recordSuccess();
      probe.recordSuccess();
      assertThat(told()).hasSize(2).endsWith("The database can be written again, after 40 s");
    }
  }

  @Test
  void who_asks_while_a_write_fails_does_not_stand_in_its_way() throws Exception {
    try (Database database = TestDatabases.SQLITE.open()) {
      Thread asking = Thread.ofPlatform().unstarted(database::probe);
      Thread failing =
          Thread.ofPlatform()
              .start(
                  () ->
                      assertThatThrownBy(() -> database.write(_ -> failOnce(asking)))
                          .hasMessageContaining("disk full"));

      assertThat(failing.join(Duration.ofSeconds(50))).isTrue();
      assertThat(asking.join(Duration.ofSeconds(50))).isTrue();
    }
  }

  /** Fails as soon as the other waits for its turn to write. */
  private static int failOnce(Thread asking) throws SQLException {
    asking.start();
    while (asking.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    throw new SQLException("disk full");
  }

  @Test
  void two_that_meet_at_a_row_are_no_outage() {
    try (Database database = TestDatabases.SQLITE.open()) {
      WriteProbe probe = new WriteProbe(database::write, time);
      probe.recordFailure(new SQLException("duplicate key", "23505"));
      probe.recordFailure(new SQLException("deadlock", "40P01"));
      probe.recordFailure(new SQLException("lock timeout", "55P03"));
      probe.recordFailure(new SQLException("invalid byte sequence", "22021"));
      assertThat(told()).isEmpty();
    }
  }

  @Test
  void a_statement_of_a_delivery_that_fails_is_an_outage() {
    try (Database database = TestDatabases.SQLITE.open()) {
      assertThatThrownBy(
              () ->
                  new Inbox(database, Duration.ofDays(1))
                      .record(
                          _ -> {
                            throw new StoreException(
                                "full", new SQLException("disk full", "53100"));
                          }))
          .isInstanceOf(StoreException.class);
      assertThat(told())
          .containsExactly("The database cannot be written; runs and deliveries wait: disk full");
    }
  }

  @Test
  void who_asks_after_a_write_of_somebody_else_writes_nothing() {
    try (Database database = TestDatabases.SQLITE.open()) {
      WriteProbe probe = new WriteProbe(database::write, time);
      probe.recordSuccess();
      probe.check();
      assertThat(probes(database)).isZero();
      time.pass(Duration.ofSeconds(2));
      probe.check();
      assertThat(probes(database)).isOne();
    }
  }

  private static long probes(Database database) {
    return database.<Long>read(
        sql -> sql.number("select count(*) from stored_value where name = 'probe'"));
  }
}
