package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When Flyway is asked, and when its history is enough. */
class SchemaTest {
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);

  @TempDir Path folder;
  private String url = "";

  @BeforeEach
  void newFile() {
    url = "jdbc:sqlite:" + folder.resolve("schema.db");
  }

  private void migrate() {
    Schema.migrate(url, NOBODY, Dialect.SQLITE);
  }

  private void change(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  @Test
  void what_flyway_left_is_recognised_without_it() {
    assertThat(Schema.isUpToDate(url, NOBODY)).isFalse();

    migrate();

    assertThat(Schema.isUpToDate(url, NOBODY)).isTrue();
  }

  @Test
  void a_history_that_says_something_else_is_left_to_flyway() throws Exception {
    migrate();
    change("update flyway_schema_history set checksum = checksum + 1");

    assertThat(Schema.isUpToDate(url, NOBODY)).isFalse();
    assertThatThrownBy(this::migrate)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("checksum mismatch");
  }

  @Test
  void a_migration_that_did_not_succeed_is_left_to_flyway() throws Exception {
    migrate();
    change("update flyway_schema_history set success = 0");

    assertThat(Schema.isUpToDate(url, NOBODY)).isFalse();
  }

  @Test
  void a_database_of_a_later_version_is_left_to_flyway() throws Exception {
    migrate();
    change(
        """
        insert into flyway_schema_history
        select 2, '2', description, type, 'V2__more.sql', checksum, installed_by, installed_on,
               execution_time, success
        from flyway_schema_history
        """);

    assertThat(Schema.isUpToDate(url, NOBODY)).isFalse();
  }

  @Test
  void all_migrations_that_there_are_are_known() {
    File files = new File("src/main/resources", Schema.FOLDER);

    assertThat(files.list()).containsExactlyInAnyOrderElementsOf(Schema.MIGRATIONS);
  }
}
