package dev.slipway.webhook;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.intake.Intake;
import dev.slipway.refusal.Refusals;
import dev.slipway.store.Database;
import dev.slipway.store.Inbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {
  @Test
  void without_a_secret_there_is_no_door(@TempDir Path folder) {
    String url = "jdbc:sqlite:" + folder.resolve("slipway.db");
    try (Database database = Database.open(url, new Database.Login(null, null))) {
      Intake intake =
          new Intake(
              new Inbox(database, Duration.ofDays(90)),
              "github.com",
              List.of(),
              Duration.ofDays(365),
              () -> Instant.EPOCH);
      Refusals refusals = new Refusals(() -> Instant.EPOCH);
      assertThatThrownBy(() -> new Door(List.of(), intake, refusals, () -> Instant.EPOCH))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("secret");
    }
  }
}
