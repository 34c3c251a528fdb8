package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.CommandHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDirectoryTest {
  @TempDir Path home;

  @Test
  void the_same_folder_is_the_same_place_after_a_restart_and_another_one_is_not() {
    CommandHost first = HostDirectory.of(home.resolve("data/runs"));
    assertThat(HostDirectory.of(home.resolve("data/runs"))).isEqualTo(first);
    assertThat(HostDirectory.of(home.resolve("other/runs")).id()).isNotEqualTo(first.id());
  }

  @Test
  void nobody_else_may_read_its_name() {
    assertThat(HostDirectory.of(home.resolve("runs")).id()).isNotEmpty();
    assertThat(home.resolve("runs/place"))
        .satisfies(
            place ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                    .isEqualTo("rw-------"));
  }

  @Test
  void it_names_the_host() throws Exception {
    Process uname = new ProcessBuilder("uname", "-n").start();
    String name = new String(uname.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(HostDirectory.of(home).name()).isEqualTo(name.strip());
  }

  @Test
  void all_who_start_at_once_agree_and_leave_nothing_behind() throws Exception {
    Path runs = home.resolve("runs");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<CommandHost>> all =
          Stream.generate(() -> (Callable<CommandHost>) () -> HostDirectory.of(runs))
              .limit(20)
              .toList();
      List<CommandHost> places =
          threads.invokeAll(all).stream().map(Future::resultNow).distinct().toList();
      assertThat(places).hasSize(1);
    }
    try (Stream<Path> left = Files.list(runs)) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactly("place");
    }
    assertThat(RunDirectory.all(runs)).isEmpty();
  }

  @Test
  void a_folder_that_cannot_be_written_is_a_place_of_its_own() throws Exception {
    Path file = Files.createFile(home.resolve("file"));
    assertThat(HostDirectory.of(file.resolve("runs")).id())
        .isNotEqualTo(HostDirectory.of(file.resolve("runs")).id());
  }
}
