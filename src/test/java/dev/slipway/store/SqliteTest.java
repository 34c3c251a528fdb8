package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTest {
  private static final Database.Login NOBODY = new Database.Login(null, null);

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
    int _ = sql.update("insert into setting (name, value) values (?, ?)", name, "-".repeat(size));
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
                      sql.number("select count(*) from setting where name in ('large', 'half')")))
          .isZero();
      database.probe();
    }
  }
}
