package dev.slipway.targets.command;

import dev.slipway.targets.command.ProcessIdentity.Stat;
import dev.slipway.time.Time;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of a command: everything it started that did not leave its group. */
final class ProcessGroup {
  private static final Path PROC = Path.of("/proc");
  private static final Duration STEP = Duration.ofMillis(10);
  private static final Duration FOR_THE_KERNEL = Duration.ofSeconds(5);

  /** Longer than a group needs to come to rest that can. */
  private static final Duration TO_HALT = Duration.ofMillis(500);

  private final ProcessIdentity leader;
  private final Time time;

  ProcessGroup(ProcessIdentity leader, Time time) {
    this.leader = leader;
    this.time = time;
  }

  /** Something to go on with while the group is waited for. */
  interface Meanwhile {
    void go() throws IOException, InterruptedException;
  }

  /**
   * Ends every process of the group: TERM, and KILL for those that are left after {@code grace}.
   *
   * @return whether there was anything to end
   */
  boolean end(Duration grace, Meanwhile meanwhile) throws IOException, InterruptedException {
    if (isEmpty()) {
      return false;
    }
    signal("TERM");
    signal("CONT");
    if (!emptied(grace, meanwhile)) {
      signal("KILL");
      emptied(FOR_THE_KERNEL, meanwhile);
    }
    return true;
  }

  /**
   * Halts every process of the group.
   *
   * @return whether all of them surely stand still
   */
  boolean freeze() throws IOException, InterruptedException {
    if (!leader.ownsGroup()) {
      return true;
    }
    long begun = time.nanos();
    while (true) {
      signal("STOP");
      if (isAtRest(TO_HALT)) {
        return true;
      }
      if (time.since(begun).compareTo(FOR_THE_KERNEL) > 0) {
        return false;
      }
      // A child that was halted before its exec keeps its parent in vfork, where nothing halts it
      signal("CONT");
    }
  }

  private boolean isAtRest(Duration limit) throws IOException, InterruptedException {
    long begun = time.nanos();
    while (!members().stream().allMatch(Stat::isHalted)) {
      if (time.since(begun).compareTo(limit) > 0) {
        return false;
      }
      time.sleep(STEP);
    }
    return true;
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private boolean emptied(Duration limit, Meanwhile meanwhile)
      throws IOException, InterruptedException {
    long begun = time.nanos();
    while (!isEmpty()) {
      if (time.since(begun).compareTo(limit) > 0) {
        return false;
      }
      meanwhile.go();
      time.sleep(STEP);
    }
    return true;
  }

  /** Whether none of its processes runs any more. */
  boolean isEmpty() throws IOException, InterruptedException {
    if (KillScript.findsNobody(leader.pid())) {
      // Most have ended with their leader; the machine may have thousands of other processes
      return true;
    }
    return Files.isDirectory(PROC)
        ? !leader.ownsGroup() || members().stream().allMatch(Stat::isDead)
        : signal("0") != 0;
  }

  private List<Stat> members() throws IOException {
    List<Stat> members = new ArrayList<>();
    if (Files.isDirectory(PROC)) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
        for (Path process : processes) {
          Optional<Stat> stat = Stat.of(Long.parseLong(process.getFileName().toString()));
          stat.filter(one -> one.group() == leader.pid()).ifPresent(members::add);
        }
      }
    }
    return members;
  }

  /** Java can only signal single processes, and only with TERM and KILL. */
  private int signal(String name) throws IOException, InterruptedException {
    if (!leader.ownsGroup()) {
      return 1;
    }
    ProcessBuilder kill =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "kill -s \"$1\" -- \"-$2\"",
                "sh",
                name,
                Long.toString(leader.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return Processes.start(kill).waitFor();
  }
}
