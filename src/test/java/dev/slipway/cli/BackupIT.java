package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.Await;
import dev.slipway.server.SlipwayServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup taken beside a server that writes, and a server on what was restored from it. */
class BackupIT {
  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private int backup(Map<String, String> settings, String file) throws InterruptedException {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new Main(settings, folder, out, out).run(List.of("backup", file));
  }

  private Map<String, String> settings() {
    return Map.of(
        "GITHUB_WEBHOOK_SECRET",
        SlipwayServer.SECRET,
        "SLIPWAY_DATA",
        folder.resolve("data").toString());
  }

  private static String asked(Path database, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }

  @Test
  void a_copy_taken_under_writes_is_sound_and_a_server_goes_on_from_it() throws Exception {
    Path copy = folder.resolve("copy.db");
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "while [ ! -e %s/go ]; do sleep 0.1; done".formatted(folder))
            .start()) {
      assertThat(world.deliver(SlipwayServer.event()).statusCode()).isEqualTo(202);
      Thread writing =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int id = 100; id < 140; id++) {
                      world.deliver(SlipwayServer.event(id, "preview-" + id, SlipwayServer.SHA));
                    }
                  });
      assertThat(backup(settings(), "copy.db")).as(said.toString(StandardCharsets.UTF_8)).isZero();
      writing.join();
      Files.createFile(folder.resolve("go"));
      world.awaitEnd(42);
      world.stop();

      assertThat(asked(copy, "pragma integrity_check")).isEqualTo("ok");
      assertThat(asked(copy, "select count(*) from deployment where github_id = 42"))
          .isEqualTo("1");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
          .isEqualTo("rw-------");
      Path database = folder.resolve("data/slipway.db");
      Files.deleteIfExists(Path.of(database + "-wal"));
      Files.deleteIfExists(Path.of(database + "-shm"));
      Files.copy(copy, database, StandardCopyOption.REPLACE_EXISTING);
      world.start();

      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"duplicate\"");
      Await.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).stream().filter(p -> p.state().equals("success")).count() >= 1);
      assertThat(
              world.deliver(SlipwayServer.event(900, "production", SlipwayServer.SHA)).statusCode())
          .isEqualTo(202);
      assertThat(world.awaitEnd(900))
          .last()
          .extracting(SlipwayServer.Posted::state)
          .isEqualTo("success");
    }
  }

  @Test
  void what_is_there_is_never_written_over_and_what_is_missing_is_named() throws Exception {
    assertThat(backup(settings(), "copy.db")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("There is no database at");
    assertThat(folder.resolve("copy.db")).doesNotExist();

    Files.writeString(folder.resolve("copy.db"), "precious");
    Files.createDirectories(folder.resolve("data"));
    Files.createFile(folder.resolve("data/slipway.db"));
    assertThat(backup(settings(), "copy.db")).isEqualTo(1);
    assertThat(folder.resolve("copy.db")).hasContent("precious");

    assertThat(backup(settings(), "away/copy.db")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("There is no folder " + folder.resolve("away") + "; make it");
    assertThat(backup(settings(), "")).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("backup takes the name of a file");

    Files.writeString(folder.resolve("next.db.part"), "of another");
    assertThat(backup(settings(), "next.db")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("next.db.part, or was ended");
    assertThat(folder.resolve("next.db.part")).hasContent("of another");
  }

  @Test
  void for_postgresql_it_names_the_right_tool() throws Exception {
    Map<String, String> postgres =
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SlipwayServer.SECRET,
            "SLIPWAY_DATABASE_URL",
            "jdbc:postgresql://127.0.0.1:1/slipway");
    assertThat(backup(postgres, "copy.db")).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("pg_dump");
  }
}
