package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.CommandHost;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Launches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a loss of power leaves of a run: its directory, and in it whatever reached the disk. */
class ShellPowerTest extends ShellFixture {
  private RunDirectory begun(Attempt attempt) throws Exception {
    RunDirectory run = RunDirectory.at(runs, RunId.of(attempt));
    assertThat(run.create(RunDirectory.prepare(runs), "{}")).isTrue();
    return run;
  }

  /** The attempt, as a process intended it before the host was rebooted. */
  private Attempt before(Attempt attempt) {
    CommandHost here = shell("unused").host().orElseThrow();
    return Attempts.in(new CommandHost(here.id(), here.name(), "an earlier boot"), attempt);
  }

  @Test
  void a_run_without_a_claim_that_an_earlier_boot_began_may_have_run() throws Exception {
    Attempt attempt = before(Attempts.plain());
    begun(attempt);
    LookupResult.CannotKnow unknown =
        new LookupResult.CannotKnow("The host was rebooted; check what DEPLOY_CMD did");
    assertThat(shell("unused").lookUp(attempt, log)).isEqualTo(unknown);
    assertThat(shell("unused").lookUp(attempt, log)).as("asked again").isEqualTo(unknown);
  }

  @Test
  void a_run_of_an_earlier_boot_may_have_run_though_its_directory_is_lost() throws Exception {
    Attempt attempt = before(Attempts.plain());
    assertThat(shell("unused").lookUp(attempt, log)).isInstanceOf(LookupResult.CannotKnow.class);
    assertThat(shell("unused").lookUp(attempt, log))
        .as("asked again")
        .isInstanceOf(LookupResult.CannotKnow.class);
  }

  @Test
  void where_no_boot_is_told_a_run_without_a_claim_may_have_run_and_never_will() throws Exception {
    Attempt attempt = Attempts.in(new CommandHost("any", "any", null), Attempts.plain());
    assertThat(shell("touch begun").lookUp(attempt, log))
        .isEqualTo(
            new LookupResult.CannotKnow(
                "Nothing tells whether the host was rebooted; check what DEPLOY_CMD did"));
    assertThat(Launches.launch(shell("touch begun"), attempt)).isInstanceOf(Verdict.Unknown.class);
    assertThat(work.resolve("begun")).doesNotExist();
  }

  @Test
  void a_run_of_an_earlier_boot_that_is_over_is_found() throws Exception {
    Attempt attempt = before(Attempts.plain());
    end(shell("exit 0"), attempt);
    assertThat(shell("unused").lookUp(attempt, log)).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void a_run_without_a_claim_that_this_boot_began_has_not_run() throws Exception {
    Attempt attempt = Attempts.plain();
    begun(attempt);
    assertThat(found(shell("unused"), attempt)).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void what_forbids_a_run_is_there_whole_or_not_at_all() throws Exception {
    Attempt attempt = Attempts.plain();
    RunDirectory run = begun(attempt);
    assertThat(found(shell("unused"), attempt)).isInstanceOf(LookupResult.NotThere.class);
    // A file would be there before it says what it is for, and a kill in between leave it so
    assertThat(Files.readSymbolicLink(run.path().resolve("claim"))).hasToString("void");
    assertThat(found(shell("unused"), attempt)).isInstanceOf(LookupResult.NotThere.class);
    assertThat(shell("unused").poll(attempt, RunId.of(attempt).toString(), log))
        .isInstanceOf(PollResult.Over.class);
  }

  @Test
  void a_run_of_which_only_the_name_reached_the_disk_may_have_run() throws Exception {
    Attempt attempt = before(Attempts.plain());
    Files.createDirectories(runs.resolve(RunId.of(attempt).toString()));
    assertThat(shell("unused").lookUp(attempt, log)).isInstanceOf(LookupResult.CannotKnow.class);
    assertThat(Launches.launch(shell("touch begun"), attempt)).isInstanceOf(Verdict.Unknown.class);
    assertThat(shell("unused").lookUp(attempt, log)).isInstanceOf(LookupResult.CannotKnow.class);
  }

  @Test
  void a_run_that_was_forgotten_leaves_no_name() throws Exception {
    Shell shell = shell("exit 0");
    CommandHost _ = shell.host().orElseThrow();
    end(shell, Attempts.plain());
    shell.close();
    Shell.forget(runs, Attempts.SINCE.plusMillis(1));
    try (Stream<Path> left = Files.list(runs)) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactly("place");
    }
  }

  @Test
  void a_directory_that_got_no_run_is_forgotten_once_nobody_waits_in_it() throws Exception {
    Path unused = RunDirectory.prepare(runs);
    Path lost = RunDirectory.prepare(runs);
    Files.writeString(lost.resolve("pid"), "999999999 12345\n");
    Path waiting = RunDirectory.prepare(runs);
    ProcessIdentity.Stat self =
        ProcessIdentity.Stat.of(ProcessHandle.current().pid()).orElseThrow();
    Files.writeString(
        waiting.resolve("pid"), ProcessHandle.current().pid() + " " + self.born() + "\n");
    Shell.forget(runs, Attempts.SINCE.minus(Duration.ofDays(10_000)));
    assertThat(unused).exists();
    Shell.forget(runs, Attempts.SINCE.plus(Duration.ofDays(10_000)));
    assertThat(unused).doesNotExist();
    assertThat(lost).doesNotExist();
    assertThat(waiting).exists();
  }

  @Test
  void a_limit_that_a_loss_of_power_left_without_words_is_none() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("exit 3");
    String id = started(shell, attempt);
    Files.writeString(runs.resolve(id).resolve("ending"), "");
    assertThat(end(shell, attempt, id)).isEqualTo(new End.Failed("Command exited with 3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1763719", "1763719200000\nsucceeded\n\nfin", "\0\0\0\0\0\0\0"})
  void an_end_that_was_half_written_is_none_and_hinders_no_other_run(String half) throws Exception {
    Attempt attempt = Attempts.plain();
    Path run = begun(attempt).path();
    Files.writeString(run.resolve("over"), half);
    assertThat(end(shell("exit 0"), Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(shell("unused").poll(attempt, RunId.of(attempt).toString(), log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over -> assertThat(over.end().reason()).contains("outcome unknown"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "12", "\0\0\0"})
  void an_exit_code_that_was_half_written_is_none(String half) throws Exception {
    Attempt attempt = Attempts.plain();
    RunDirectory run = begun(attempt);
    Files.writeString(run.path().resolve("pid"), "999999999 12345\n" + half);
    Files.createFile(run.path().resolve("claim"));
    assertThat(shell("unused").poll(attempt, RunId.of(attempt).toString(), log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over -> assertThat(over.end().reason()).contains("outcome unknown"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "47", "47 ", "47 1", "\0\0\0\0\0"})
  void a_number_that_was_half_written_leads_nowhere(String half) throws Exception {
    Attempt attempt = Attempts.plain();
    RunDirectory run = begun(attempt);
    Files.writeString(run.path().resolve("pid"), half);
    Files.createFile(run.path().resolve("claim"));
    assertThat(shell("unused").poll(attempt, RunId.of(attempt).toString(), log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over -> assertThat(over.end().reason()).contains("outcome unknown"));
  }
}
