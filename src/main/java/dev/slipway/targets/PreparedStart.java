package dev.slipway.targets;

import dev.slipway.http.Call;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a target would start a deploy, as a value. Nothing has been sent yet, and only the {@link
 * StartExecutor} sends it.
 */
public sealed interface PreparedStart {
  /** Lines for the operator's log that belong before the start. */
  List<String> notes();

  /** The start in words for an operator: several lines, without secrets. */
  String description();

  /**
   * Nothing is to be sent.
   *
   * @param answer a refusal, a skip or busy
   */
  record Declined(List<String> notes, StartAnswer answer) implements PreparedStart {
    public Declined {
      notes = List.copyOf(notes);
      if (answer instanceof Verdict.Accepted || answer instanceof Verdict.Unknown) {
        throw new IllegalArgumentException("nothing was sent, so it cannot be " + answer);
      }
    }

    public Declined(StartAnswer answer) {
      this(List.of(), answer);
    }

    /** A start that the target itself refuses. */
    public static Declined refused(String reason) {
      return new Declined(new Verdict.Refused(reason));
    }

    @Override
    public String description() {
      return switch (answer) {
        case StartAnswer.Busy(String reason, _) -> "busy, nothing would be sent: " + reason;
        case Verdict.Skipped(String reason) -> "skipped: " + reason;
        case Verdict verdict -> "refused, nothing would be sent: " + verdict.reason();
      };
    }
  }

  /**
   * A request to a provider.
   *
   * @param call with its credential
   * @param version what is deployed, in words: "commit f95f852"
   * @param rules how the provider's answer is read
   */
  record Request(List<String> notes, Call call, String version, StartRules rules)
      implements PreparedStart {
    public Request {
      notes = List.copyOf(notes);
    }

    /** The line that the log has about the request. */
    public String summary() {
      return "%s: %s for %s".formatted(rules.logPrefix(), call.described(), version);
    }

    @Override
    public String description() {
      String request =
          Stream.of(
                  Stream.of(call.method() + " " + call.uri()),
                  call.headers().entrySet().stream()
                      .sorted(Map.Entry.comparingByKey())
                      .map(header -> header.getKey() + ": " + header.getValue()),
                  Stream.ofNullable(call.body()))
              .flatMap(lines -> lines)
              .collect(Collectors.joining("\n"));
      return rules.messages().hideSecrets(request);
    }
  }

  /**
   * A command to run.
   *
   * @param place where it runs, and by what
   * @param command the operator's command line
   * @param variables what the command is told, by name
   * @param secretVariables the names of further variables, whose values nobody is shown
   */
  record Launch(
      String place,
      String command,
      Map<String, String> variables,
      Set<String> secretVariables,
      Launcher launcher)
      implements PreparedStart {
    @Override
    public List<String> notes() {
      return List.of();
    }

    @Override
    public String description() {
      return Stream.of(
              Stream.of(place, command),
              variables.entrySet().stream()
                  .map(variable -> variable.getKey() + "=" + variable.getValue()),
              secretVariables.stream().sorted().map(name -> name + "=***"))
          .flatMap(lines -> lines)
          .collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
      return "Launch[" + place + "]";
    }
  }

  /** Starts a command, and cannot do so without the fence. */
  @FunctionalInterface
  interface Launcher {
    /** Confirms the fence as the last thing before the command can start. */
    StartAnswer launch(Fence fence) throws FencedException, InterruptedException;
  }
}
