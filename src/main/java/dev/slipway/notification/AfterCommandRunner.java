package dev.slipway.notification;

import dev.slipway.model.Attempt;
import dev.slipway.model.CleanText;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.runlog.LastLines;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.store.ClaimedNotification;
import dev.slipway.store.Notifications;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.command.ProcessWatcher;
import dev.slipway.targets.command.Shell;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's command after the end of a run, at most once for each end. That it is about
 * to start is stored before it does; one that runs while Slipway stops goes on by itself, and the
 * next start follows it. Where it cannot be known whether it ran, it is not run again. What becomes
 * of it changes nothing about the run.
 */
public final class AfterCommandRunner implements NotificationSender {
  private static final Logger LOG = LoggerFactory.getLogger(AfterCommandRunner.class);
  private static final Duration RENEWAL = Duration.ofSeconds(20);
  private static final int LONGEST_TAIL = 200;
  private static final String NOT_AGAIN = "; it is not run again unless it is redelivered";

  private final String name;
  private final Map<String, ShellConfig> byRoute;
  private final Notifications notifications;
  private final Redactor redactor;
  private final Time time;
  private final ProcessWatcher watcher;

  /**
   * @param name of the subscription, in lower case letters and hyphens
   * @param byRoute the commands by the names of the routes
   */
  public AfterCommandRunner(
      String name,
      Map<String, ShellConfig> byRoute,
      Notifications notifications,
      Redactor redactor,
      Time time,
      ProcessWatcher watcher) {
    this.name = name;
    this.byRoute = Map.copyOf(byRoute);
    this.notifications = notifications;
    this.redactor = redactor;
    this.time = time;
    this.watcher = watcher;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean sendNext() throws InterruptedException {
    Optional<ClaimedNotification> next = notifications.claim(name, time.instant());
    if (next.isPresent()) {
      run(next.get());
    }
    return next.isPresent();
  }

  private void run(ClaimedNotification claimed) throws InterruptedException {
    ShellConfig config = byRoute.get(claimed.route());
    if (config == null) {
      giveUp(claimed, "Its route \"%s\" has no such command any more".formatted(claimed.route()));
      return;
    }
    Instant begun = claimed.begunAt();
    Instant since = begun == null ? time.instant() : begun;
    Attempt attempt =
        new Attempt(
            claimed.deployment().deployment(),
            claimed.deployment().id(),
            claimed.run(),
            name,
            since,
            null);
    CommandOutput output = new CommandOutput(new LastLines(redactor));
    try (Shell shell = new Shell(name, withVariables(config, claimed), time, watcher)) {
      if (begun == null) {
        start(shell, attempt, claimed, output);
      } else {
        takeUp(shell, attempt, claimed, output);
      }
    }
  }

  private static ShellConfig withVariables(ShellConfig config, ClaimedNotification claimed) {
    Map<String, Secret> variables = new LinkedHashMap<>(config.environment());
    variables.put("SLIPWAY_STATE", new Secret(claimed.status().state().code()));
    if (!claimed.status().description().isEmpty()) {
      variables.put("SLIPWAY_REASON", new Secret(claimed.status().description()));
    }
    return config.with(variables);
  }

  private void start(
      Shell shell, Attempt attempt, ClaimedNotification claimed, CommandOutput output)
      throws InterruptedException {
    try {
      StartAnswer answer =
          switch (shell.prepare(attempt)) {
            case PreparedStart.Declined(_, StartAnswer declined) -> declined;
            case PreparedStart.Launch launch ->
                launch.launcher().launch(() -> begin(claimed, attempt.since()));
            case PreparedStart.Request _ ->
                throw new IllegalStateException("a command is not started by a request");
          };
      switch (answer) {
        case StartAnswer.Busy(String reason, Duration again) ->
            notifications.postpone(
                claimed, time.instant().plus(again), shown(reason), time.instant());
        case Verdict.Refused(String reason) -> giveUp(claimed, "It did not start: " + reason);
        case Verdict.Skipped(String reason) -> giveUp(claimed, "It did not start: " + reason);
        case Verdict.Unknown(String reason, _) ->
            giveUp(claimed, "It may have started: " + reason + NOT_AGAIN);
        case Verdict.Accepted accepted -> {
          notifications.recordCommand(claimed, accepted.id(), time.instant());
          follow(shell, attempt, accepted.id(), claimed, output);
        }
      }
    } catch (FencedException e) {
      LOG.info("Command {} of notification {} is another process's now", name, claimed.id());
    }
  }

  private void begin(ClaimedNotification claimed, Instant since) throws FencedException {
    if (!notifications.begin(claimed, since, time.instant())) {
      throw new FencedException(new IllegalStateException("another process has it"));
    }
  }

  private void takeUp(
      Shell shell, Attempt attempt, ClaimedNotification claimed, CommandOutput output)
      throws InterruptedException {
    String known = claimed.command();
    if (known != null) {
      follow(shell, attempt, known, claimed, output);
    } else if (shell.lookUp(attempt, output) instanceof LookupResult.Found found) {
      follow(shell, attempt, found.id(), claimed, output);
    } else {
      giveUp(
          claimed,
          "Slipway stopped when it was about to start, and it is not known whether it ran"
              + NOT_AGAIN);
    }
  }

  private void follow(
      Shell shell, Attempt attempt, String id, ClaimedNotification claimed, CommandOutput output)
      throws InterruptedException {
    long renewed = time.nanos();
    while (true) {
      switch (shell.poll(attempt, id, output)) {
        case PollResult.Over(End end) -> {
          record(claimed, end, output);
          return;
        }
        case PollResult.Unseen unseen -> time.sleep(unseen.again());
        case PollResult.Going going -> time.sleep(going.again());
        case PollResult.NotYet notYet -> time.sleep(notYet.again());
      }
      if (time.since(renewed).compareTo(RENEWAL) > 0) {
        if (!notifications.renew(claimed, time.instant())) {
          LOG.info("Command {} of notification {} is another process's now", name, claimed.id());
          return;
        }
        renewed = time.nanos();
      }
    }
  }

  private void record(ClaimedNotification claimed, End end, CommandOutput output) {
    String text = output.text();
    if (!text.isBlank()) {
      LOG.info("Output of command {} for notification {}:\n{}", name, claimed.id(), text);
    }
    if (end instanceof End.Succeeded) {
      notifications.confirmDelivered(claimed, time.instant());
    } else {
      giveUp(claimed, text.isBlank() ? end.reason() : end.reason() + "; output: " + tail(text));
    }
  }

  private static String tail(String text) {
    String line = CleanText.line(text);
    int more = CleanText.length(line) - LONGEST_TAIL;
    return more <= 0 ? line : "…" + line.substring(line.offsetByCodePoints(0, more));
  }

  private String shown(String problem) {
    return ProblemText.shown(problem, redactor);
  }

  private void giveUp(ClaimedNotification claimed, String problem) {
    String shown = shown(problem);
    notifications.giveUp(claimed, shown, time.instant());
    LOG.error("Command {} of notification {} failed: {}", name, claimed.id(), shown);
  }

  @Override
  public String toString() {
    return "AfterCommandRunner[" + name + "]";
  }
}
