package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the copy of SQLite that each process loads. */
class SqliteLibraryIT {
  @TempDir Path folder;

  private JarProcess start(Path temporary) throws IOException {
    return JarProcess.start(
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SlipwayServer.SECRET,
            "SLIPWAY_DATA",
            folder.resolve("data").toString()),
        folder,
        "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir=" + temporary);
  }

  @Test
  void a_process_that_is_killed_leaves_none() throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    try (JarProcess slipway = start(temporary)) {
      assertThat(slipway.output()).doesNotContain("SQLite");
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void a_process_without_a_folder_for_temporary_files_uses_that_of_the_database()
      throws IOException {
    Path temporary = Files.createFile(folder.resolve("no-folder"));
    try (JarProcess slipway = start(temporary)) {
      assertThat(slipway.output()).doesNotContain("SQLite");
      assertThat(folder.resolve("data"))
          .isDirectoryNotContaining("glob:**sqlite*")
          .isDirectoryContaining("glob:**slipway.db");
    }
  }
}
