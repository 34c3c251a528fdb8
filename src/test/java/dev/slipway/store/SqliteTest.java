package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated
class SqliteTest {
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);

  @Test
  void a_second_process_on_the_same_file_is_refused(@TempDir Path folder) {
    String url = "jdbc:sqlite:" + folder.resolve("slipway.db");
    try (Database first = Database.open(url, NOBODY)) {
      first.probe();
      assertThatThrownBy(() -> Database.open(url, NOBODY))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Another Slipway uses")
          .hasMessageContaining("SLIPWAY_DATABASE_URL");
    }
    Database.open(url, NOBODY).close();
  }

  @Test
  void a_folder_that_cannot_be_made_is_named(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("occupied"), "x");
    assertThatThrownBy(() -> Database.open("jdbc:sqlite:" + file.resolve("slipway.db"), NOBODY))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("occupied");
  }

  @Test
  void a_copy_that_was_broken_off_is_named_as_that(@TempDir Path folder) throws Exception {
    Path whole = folder.resolve("slipway.db");
    Database.open("jdbc:sqlite:" + whole, NOBODY).close();
    byte[] bytes = Files.readAllBytes(whole);
    Path half = Files.write(folder.resolve("half.db"), Arrays.copyOf(bytes, bytes.length / 2));

    String said = "only %d of its %d bytes are there".formatted(bytes.length / 2, bytes.length);
    assertThatThrownBy(() -> Database.open("jdbc:sqlite:" + half, NOBODY))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("Cannot open " + half, said, "put a whole copy in its place");
    assertThatThrownBy(() -> Backup.copy("jdbc:sqlite:" + half, folder.resolve("copy.db")))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("Cannot copy " + half, said);
    for (int length : new int[] {1, 99}) {
      Path start = Files.write(folder.resolve("start.db"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Database.open("jdbc:sqlite:" + start, NOBODY))
          .hasMessageContaining("not a whole one");
    }
    Path other = Files.writeString(folder.resolve("other.db"), "no database".repeat(1000));
    assertThatThrownBy(() -> Database.open("jdbc:sqlite:" + other, NOBODY))
        .hasMessageContaining("is no SQLite database");
  }

  @Test
  void a_write_that_was_broken_off_is_no_broken_off_copy(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("written.db");
    Path left = folder.resolve("left.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma synchronous = off");
      statement.execute("pragma cache_size = 2");
      statement.execute("create table row (text text)");
      String rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)";
      statement.execute(rows + " insert into row select hex(zeroblob(500)) from n");
      connection.setAutoCommit(false);
      statement.execute("update row set text = 'x' || text");
      byte[] bytes = Files.readAllBytes(file);
      Files.write(left, Arrays.copyOf(bytes, bytes.length / 2));
      Files.copy(folder.resolve("written.db-journal"), folder.resolve("left.db-journal"));
      connection.rollback();
    }

    SqliteFile.requireWhole(left);

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + left);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select count(*) from row where text not like 'x%'")) {
      assertThat(found.getInt(1)).isEqualTo(500);
    }
  }

  @Test
  void a_postgresql_that_is_not_there_is_named_without_its_password() {
    assertThatThrownBy(
            () ->
                Database.open(
                    "jdbc:postgresql://127.0.0.1:1/slipway?user=u&password=hush-hush", NOBODY))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("127.0.0.1:1")
        .hasMessageNotContaining("hush-hush");
  }

  private static void insert(Sql sql, String name, int size) throws SQLException {
    int _ =
        sql.update("insert into stored_value (name, value) values (?, ?)", name, "-".repeat(size));
  }

  /** What SQLite does on a full disk: it undoes the transaction before anybody asks. */
  private static void fill(Database database) {
    database.write(
        sql -> {
          long pages = sql.number("select page_count from pragma_page_count");
          sql.number("pragma max_page_count = " + pages);
          insert(sql, "large", 1 << 20);
          return 0;
        });
  }

  @Test
  void after_a_full_disk_transactions_are_whole_again(@TempDir Path folder) {
    try (Database database = Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), NOBODY)) {
      assertThatThrownBy(() -> fill(database))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("SQLITE_FULL");
      assertThatThrownBy(
              () ->
                  database.write(
                      sql -> {
                        insert(sql, "half", 1);
                        throw new SQLException("the other half failed");
                      }))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the other half failed");
      assertThat(
              database.<Long>read(
                  sql ->
                      sql.number(
                          "select count(*) from stored_value where name in ('large', 'half')")))
          .isZero();
      database.probe();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void what_is_made_is_the_owners_alone(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    try (Database database = Database.open("jdbc:sqlite:" + data.resolve("slipway.db"), NOBODY)) {
      database.probe();
      assertThat(mode(data)).isEqualTo("rwx------");
      for (String name :
          List.of("slipway.db", "slipway.db-wal", "slipway.db-shm", "slipway.db.lock")) {
        assertThat(mode(data.resolve(name))).as(name).isEqualTo("rw-------");
      }
    }
  }

  @Test
  void a_file_that_others_may_use_is_warned_of_and_stays_as_it_is(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("slipway.db");
    Database.open("jdbc:sqlite:" + file, NOBODY).close();
    Path _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Sqlite.class);
    told.start();
    logger.addAppender(told);
    try {
      Database.open("jdbc:sqlite:" + file, NOBODY).close();
    } finally {
      logger.detachAppender(told);
    }
    assertThat(told.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .contains(file.toString(), "chmod 600");
    assertThat(mode(file)).isEqualTo("rw-r-----");
  }
}
