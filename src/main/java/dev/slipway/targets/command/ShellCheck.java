package dev.slipway.targets.command;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that what a command begins with is there: its directory, the shell, and the program or
 * script that it names first. Runs nothing.
 */
final class ShellCheck {
  private static final Path SHELL = Path.of("/bin/sh");

  /** A first word that names a file, and that the shell would not change. */
  private static final Pattern FILE = Pattern.compile("([\\w.+@%-]*/[\\w./+@%-]*)(?:\\s.*)?");

  private static final Pattern INTERPRETER = Pattern.compile("#!\\s*(/[^\\s\\x00]+)");
  private static final int HEAD = 256;

  private final String subject;
  private final ShellConfig config;

  ShellCheck(String subject, ShellConfig config) {
    this.subject = subject;
    this.config = config;
  }

  Check check() {
    return new Check(subject, () -> List.of(result()));
  }

  CheckResult result() {
    Path directory = config.workingDirectory();
    if (!Files.isDirectory(directory)) {
      return failure("the directory " + directory + " is not there", "set DEPLOY_CMD_DIR");
    }
    if (!Files.isExecutable(SHELL)) {
      return failure(SHELL + " cannot be run", "install a shell: commands are run by it");
    }
    Matcher file = FILE.matcher(config.command().strip());
    Optional<CheckResult> problem =
        file.matches() ? problem(directory.resolve(file.group(1))) : Optional.empty();
    return problem.orElseGet(
        () ->
            new CheckResult.Ok(subject, "its shell and its directory " + directory + " are there"));
  }

  private Optional<CheckResult> problem(Path program) {
    if (!Files.isRegularFile(program)) {
      return Optional.of(
          failure("the command begins with %s, which is not there".formatted(program), ADVICE));
    }
    // Another user may run what this one may not
    if (config.user() == null && !Files.isExecutable(program)) {
      return Optional.of(
          failure(
              "the command begins with %s, which cannot be run".formatted(program),
              "chmod +x " + program));
    }
    return interpreter(program)
        .filter(interpreter -> !Files.isExecutable(interpreter))
        .map(
            interpreter ->
                failure(
                    "%s wants the interpreter %s, which cannot be run"
                        .formatted(program, interpreter),
                    "install it, or change the first line of the script"));
  }

  private static final String ADVICE = "look at DEPLOY_CMD and DEPLOY_CMD_DIR";

  private static Optional<Path> interpreter(Path program) {
    try (InputStream in = Files.newInputStream(program)) {
      String head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
      return head.lines()
          .findFirst()
          .map(INTERPRETER::matcher)
          .filter(Matcher::lookingAt)
          .map(line -> Path.of(line.group(1)));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private CheckResult failure(String detail, String advice) {
    return new CheckResult.Failure(subject, detail, advice);
  }
}
