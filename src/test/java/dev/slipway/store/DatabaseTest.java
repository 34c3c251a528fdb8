package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.process.ChildProcess;
import dev.slipway.process.Halt;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a database promises to those who hand it work. */
class DatabaseTest {
  /** Work that goes on until it is told to end; what is handed over meanwhile gathers behind it. */
  private static final class Slow {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final CompletableFuture<Integer> outcome;

    Slow(Database database) throws InterruptedException {
      outcome = inBackground(() -> database.write(_ -> hold()));
      assertThat(begun.await(50, TimeUnit.SECONDS)).isTrue();
    }

    private int hold() {
      begun.countDown();
      try {
        end.await();
        return 0;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void end() throws Exception {
      end.countDown();
      assertThat(outcome.get(50, TimeUnit.SECONDS)).isZero();
    }
  }

  private interface Call<T> {
    T call();
  }

  private static <T> CompletableFuture<T> inBackground(Call<T> call) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                outcome.complete(call.call());
              } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
              }
            });
    return outcome;
  }

  private static int insert(Sql sql, String name) throws SQLException {
    return sql.update("insert into stored_value (name, value) values (?, '')", name);
  }

  private static List<String> kept(Database database) {
    return database.read(
        sql ->
            sql.list(
                columns -> columns.text("name"),
                "select name from stored_value where name like 'test %' order by name"));
  }

  private static void gathered(Database database, int works) {
    while (database.waitingWrites() < works) {
      Thread.onSpinWait();
    }
  }

  @Test
  void of_works_that_share_a_commit_one_that_fails_is_undone_alone() throws Exception {
    try (Database database = TestDatabases.SQLITE.open()) {
      Slow slow = new Slow(database);
      var first = inBackground(() -> database.write(sql -> insert(sql, "test 1")));
      gathered(database, 1);
      var failing =
          inBackground(
              () ->
                  database.write(
                      sql -> {
                        insert(sql, "test 2");
                        throw new IllegalStateException("second thoughts");
                      }));
      gathered(database, 2);
      var last = inBackground(() -> database.write(sql -> insert(sql, "test 3")));
      gathered(database, 3);
      slow.end();

      assertThat(first.get(50, TimeUnit.SECONDS)).isOne();
      assertThat(last.get(50, TimeUnit.SECONDS)).isOne();
      assertThatThrownBy(() -> failing.get(50, TimeUnit.SECONDS))
          .hasRootCauseMessage("second thoughts");
      assertThat(kept(database)).containsExactly("test 1", "test 3");
    }
  }

  @Test
  void when_a_commit_fails_nothing_of_its_works_is_kept_and_all_hear_of_it() throws Exception {
    try (Database database = TestDatabases.SQLITE.open()) {
      database.write(
          sql -> {
            sql.execute("create table one (id integer primary key)");
            sql.execute(
                "create table other (id integer references one (id) deferrable initially deferred)");
            return 0;
          });
      Slow slow = new Slow(database);
      var good = inBackground(() -> database.write(sql -> insert(sql, "test 1")));
      gathered(database, 1);
      var bad =
          inBackground(() -> database.write(sql -> sql.update("insert into other values (7)")));
      gathered(database, 2);
      slow.end();

      for (var outcome : List.of(good, bad)) {
        assertThatThrownBy(() -> outcome.get(50, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(StoreException.class)
            .hasMessageContaining("FOREIGN KEY");
      }
      assertThat(kept(database)).isEmpty();
      assertThat(database.<Integer>write(sql -> insert(sql, "test 2"))).isOne();
    }
  }

  @Test
  void who_gives_up_waiting_withdraws_the_work() throws Exception {
    try (Database database = TestDatabases.SQLITE.open()) {
      Slow slow = new Slow(database);
      assertThatThrownBy(() -> database.write(sql -> insert(sql, "test 1"), Duration.ofMillis(20)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("withdrawn");
      slow.end();
      assertThat(kept(database)).isEmpty();
    }
  }

  @Test
  void who_cannot_wait_hears_that_work_in_hand_may_be_kept_or_not() throws Exception {
    try (Database database = TestDatabases.SQLITE.open()) {
      CountDownLatch end = new CountDownLatch(1);
      String told;
      Duration patience = Duration.ofMillis(50);
      do {
        // On a busy machine it may be withdrawn before anybody takes it in hand
        Duration limit = patience.multipliedBy(2);
        told =
            String.valueOf(
                catchThrowable(
                    () ->
                        database.write(
                            sql -> {
                              boolean _ = await(end);
                              return insert(sql, "test 1");
                            },
                            limit)));
        patience = limit;
      } while (told.contains("withdrawn"));
      assertThat(told).contains("may be kept or not");
      end.countDown();
      assertThat(database.<Integer>write(sql -> insert(sql, "test 2"))).isOne();
      assertThat(kept(database)).containsExactly("test 1", "test 2");
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(50, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_interrupt_neither_loses_a_write_nor_is_lost(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      AtomicBoolean flag = new AtomicBoolean();
      Thread writing =
          Thread.ofVirtual()
              .start(
                  () -> {
                    int _ =
                        database.write(
                            sql -> {
                              begun.countDown();
                              boolean _ = await(end);
                              return insert(sql, "test 1");
                            });
                    flag.set(Thread.currentThread().isInterrupted());
                  });
      assertThat(await(begun)).isTrue();
      writing.interrupt();
      end.countDown();

      assertThat(writing.join(Duration.ofSeconds(50))).isTrue();
      assertThat(flag).isTrue();
      assertThat(kept(database)).containsExactly("test 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void drivers_run_on_platform_threads(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      assertThat(inBackground(() -> database.write(_ -> Thread.currentThread().isVirtual())).get())
          .isFalse();
      assertThat(inBackground(() -> database.read(_ -> Thread.currentThread().isVirtual())).get())
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_work_that_asks_the_database_again_is_refused_at_once(TestDatabases kind) {
    try (Database database = kind.open()) {
      assertThatThrownBy(() -> database.write(_ -> kept(database)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("may not ask the database again");
      assertThatThrownBy(() -> database.read(_ -> database.write(sql -> insert(sql, "test 1"))))
          .isInstanceOf(IllegalStateException.class);
      assertThat(kept(database)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void all_statements_of_a_reader_see_the_same_moment(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      AtomicReference<List<Long>> seen = new AtomicReference<>();
      database.read(
          sql -> {
            String count = "select count(*) from stored_value where name = 'test 1'";
            long before = sql.number(count);
            int _ = inBackground(() -> database.write(other -> insert(other, "test 1"))).join();
            seen.set(List.of(before, sql.number(count)));
            return 0;
          });
      assertThat(seen.get()).containsExactly(0L, 0L);
      assertThat(kept(database)).containsExactly("test 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_statement_may_be_used_again_while_its_rows_are_read(TestDatabases kind) {
    try (Database database = kind.open()) {
      String text = "select cast(? as integer) as number";
      List<Long> sums =
          database.read(
              sql -> sql.list(row -> row.number("number") + sql.number(text, 1), text, 2));
      assertThat(sums).containsExactly(3L);
    }
  }

  /** A process of its own, whose database meets a class that is gone. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Database database = TestDatabases.SQLITE.open();
      database.write(
          _ -> {
            throw new NoClassDefFoundError("dev/slipway/Gone");
          });
    }
  }

  @Test
  void an_error_of_the_jvm_in_the_writer_ends_the_process() throws Exception {
    ChildProcess.Ended ended = ChildProcess.run(Child.class);
    assertThat(ended.code()).as(ended.output()).isEqualTo(Halt.EXIT_CODE);
    assertThat(ended.output()).contains("Slipway ends:", "dev/slipway/Gone");
  }
}
