package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one database: started at once, killed, frozen, one too many. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Order(1) // takes long
class ReplicasIT {
  @TempDir Path folder;

  @Test
  void four_on_one_postgresql_lose_nothing_and_do_nothing_twice_whichever_dies_or_freezes() {
    try (Fleet fleet = new Fleet(folder, TestDatabases.POSTGRESQL.url())) {
      FleetStages stages = new FleetStages(fleet, Duration.ZERO);
      fleet.startAllAtOnce();
      assertThat(fleet.database.texts("select distinct success from flyway_schema_history"))
          .containsExactly("t");
      fleet.database.layBarrier();

      stages.workIsSharedInOrder();
      var _ = stages.aLogIsReadLiveAtAnother(26, 6);
      var _ = stages.whatAKilledOneHadIsTakenOver(27, 28, 29);
      var _ = stages.oneFrozenBeforeItsRequestTriggersNothing(31, 34);
      var _ = stages.oneFrozenInItsPostPostsNothingMore(36, 39);
      fleet.deliverAllAgain();

      assertThat(fleet.violations()).isEmpty();
    }
  }

  @Test
  void a_second_process_on_one_sqlite_file_refuses_to_start() {
    String url = "jdbc:sqlite:" + folder.resolve("slipway.db");
    Map<String, String> settings =
        Map.of("GITHUB_WEBHOOK_SECRET", "It's a Secret to Everybody", "SLIPWAY_DATABASE_URL", url);
    try (Database first = Database.open(url, new DatabaseLogin(null, null));
        Replica second = Replica.start(folder.resolve("second"), settings)) {
      assertThat(second.awaitExit()).isEqualTo(2);
      assertThat(second.output()).contains("Another Slipway uses", "slipway.db", "PostgreSQL");
      first.probe();
    }
  }
}
