package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.WaitingStatuses;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line: help, unknown words, exit codes. */
class SlipwayCommandTest {
  @TempDir Path folder;

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new Main(
                Map.of(),
                folder,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(List.of(arguments));
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Stream<List<String>> commands(CommandLine line, List<String> path) {
    return Stream.concat(
        Stream.of(path),
        line.getSubcommands().entrySet().stream()
            .flatMap(
                next -> {
                  List<String> below = new ArrayList<>(path);
                  below.add(next.getKey());
                  return commands(next.getValue(), below);
                }));
  }

  @TestFactory
  Stream<DynamicTest> every_command_has_a_help_that_says_what_it_does() {
    CommandLine line =
        SlipwayCommand.line(new CommandContext(Map.of(), folder, System.out, System.err));
    return commands(line, List.of())
        .map(path -> DynamicTest.dynamicTest(path.toString(), () -> assertHelp(path)));
  }

  private void assertHelp(List<String> path) throws InterruptedException {
    List<String> option = new ArrayList<>(path);
    option.add("--help");
    Ended help = run(option.toArray(String[]::new));
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .startsWith(
            String.join(" ", "Usage: java -jar slipway.jar", String.join(" ", path)).strip())
        .contains("-h, --help")
        .matches("(?s)Usage: [^\n]+\n[A-Z][^\n]+\\..*");

    List<String> command = new ArrayList<>(List.of("help"));
    command.addAll(path);
    assertThat(run(command.toArray(String[]::new))).isEqualTo(help);
  }

  @Test
  void the_help_lists_the_commands_of_operators_only() throws Exception {
    assertThat(run("--help").out())
        .contains(
            "  serve ",
            "  check ",
            "  doctor ",
            "  explain ",
            "  simulate ",
            "  demo ",
            "  backup ",
            "  statuses ",
            "  links ",
            "  tokens ",
            "  cancel ",
            "  retry ",
            "  rollback ",
            "  promote ",
            "  override ",
            "  lock ",
            "  unlock ",
            "  locks ",
            "  deployments ",
            "  audit ")
        .contains("  health ", "  completion ", "  version ", "  help ")
        .doesNotContain("  train ");
  }

  @Test
  void an_unknown_word_is_named_with_the_nearest_command() throws Exception {
    assertThat(run("statsues"))
        .isEqualTo(
            new Ended(
                2,
                "",
                """
                Slipway does not know "statsues". Did you mean "statuses"?
                Try: java -jar slipway.jar --help
                """));
    assertThat(run("links", "revok", "7").err())
        .contains("\"revok\". Did you mean \"revoke\"?", "slipway.jar links --help");
    assertThat(run("help", "backpu").err()).contains("\"backpu\". Did you mean \"backup\"?");
    assertThat(run("help", "backup", "copy.db").code()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void an_unknown_word_does_nothing_to_the_terminal() throws Exception {
    Ended unknown = run("x\u001b]0;title\u0007\n\u009b31m\u202e" + "y".repeat(10_000));
    assertThat(unknown.err().lines()).hasSize(2);
    assertThat(unknown.err())
        .startsWith("Slipway does not know \"x ]0;title 31m y")
        .contains("y…\"")
        .hasSizeLessThan(400);
    assertThat(run("deployments", "--limit").err()).doesNotContain("…");
    assertThat(run("unlock", "--id=\u001b[31m").err()).contains("--id").doesNotContain("\u001b");
  }

  @Test
  void a_status_that_waits_is_one_line_whatever_others_have_written() {
    assertThat(
            StatusesCommand.line(
                new WaitingStatuses.Waiting(
                    "github.com",
                    "octo-org/hello-world",
                    7,
                    "staging\u001b[31m\r\nforged",
                    "success",
                    1,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    "no\u009b31m\u202e"),
                true))
        .isEqualTo(
            "octo-org/hello-world deployment 7 to staging [31m forged: success since"
                + " 1970-01-01T00:00:00Z, next try 1970-01-01T00:00:00Z: no 31m");
  }

  @Test
  void an_unknown_option_is_named_with_the_nearest() throws Exception {
    Ended unknown = run("demo", "--onec");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("\"--onec\". Did you mean \"--once\"?");
    assertThat(run("serve", "--once").err()).contains("Slipway does not know \"--once\"");
  }

  @Test
  void what_is_missing_or_too_much_is_a_wrong_command_line() throws Exception {
    assertThat(run("backup").code()).isEqualTo(2);
    assertThat(run("backup").err()).contains("FILE", "slipway.jar backup --help");
    assertThat(run("backup", "a", "b").code()).isEqualTo(2);
    assertThat(run("links").code()).isEqualTo(2);
    assertThat(run("links", "revoke").code()).isEqualTo(2);
    assertThat(run("check", "this").code()).isEqualTo(2);
    assertThat(run("rollback", "production").err()).contains("--repository");
    assertThat(run("rollback", "--repository", "acme/web").err()).contains("ENVIRONMENT");
    assertThat(run("rollback", "x", "--repository", "acme/web", "--to", "y").err())
        .contains("--to");
    assertThat(run("promote", "staging", "--repository", "acme/web").err()).contains("TO");
    assertThat(run("unlock", "--id", "seven").err()).contains("--id", "'seven' is not a number");
    Ended explained = run("explain", "7", "--host", "github.com");
    assertThat(explained.code()).isEqualTo(2);
    assertThat(explained.err()).contains("--host says whose number github:123 is", "\"7\"");
  }

  @Test
  void a_wrong_configuration_ends_every_command_that_needs_one() throws Exception {
    for (List<String> command :
        List.of(
            List.<String>of(),
            List.of("serve"),
            List.of("check"),
            List.of("doctor"),
            List.of("explain", "7"),
            List.of("simulate", "event.json"),
            List.of("backup", "copy.db"),
            List.of("links", "revoke", "7"),
            List.of("tokens", "list"),
            List.of("tokens", "revoke", "ci"),
            List.of("tokens", "create", "ci", "--scope", "read"),
            List.of("statuses"),
            List.of("statuses", "retry"))) {
      Ended ended = run(command.toArray(String[]::new));
      assertThat(ended.code()).as(command.toString()).isEqualTo(2);
      assertThat(ended.err()).as(command.toString()).contains("GITHUB_WEBHOOK_SECRET");
    }
  }

  @Test
  void the_version_is_a_command_and_an_option() throws Exception {
    for (String word : List.of("version", "--version", "-v")) {
      assertThat(run(word).code()).isZero();
      assertThat(run(word).out()).startsWith("Slipway ").hasLineCount(1);
    }
  }

  @Test
  void completion_is_a_script_for_all_visible_commands() throws Exception {
    Ended completion = run("completion");
    assertThat(completion.code()).isZero();
    assertThat(completion.out())
        .startsWith("#!/usr/bin/env bash")
        .contains(
            "serve check doctor explain simulate demo backup statuses links tokens cancel retry rollback promote override lock unlock locks deployments environments notifications audit health")
        .doesNotContain("train");
  }
}
