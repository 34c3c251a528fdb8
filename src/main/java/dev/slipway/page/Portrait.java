package dev.slipway.page;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.Verdict;
import dev.slipway.store.Deployments;
import dev.slipway.store.Logs;
import dev.slipway.store.StoredRun;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Draws a {@link PageView} of what the store holds. */
final class Portrait {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private final Deployments.Dossier dossier;
  private final Deployment deployment;
  private final StoredRun run;

  Portrait(Deployments.Dossier dossier) {
    this.dossier = dossier;
    this.deployment = dossier.deployment().deployment();
    this.run = dossier.run();
  }

  PageView view(String link, Logs.Piece tail, Instant now) {
    GithubState state = state();
    Instant ended = run.endedAt();
    Instant started = run.startedAt() == null ? run.queuedAt() : run.startedAt();
    return new PageView(
        title(),
        state.word(),
        label(state),
        reason(),
        facts(),
        run.chain().stream().map(this::target).toList(),
        dossier.statuses().stream().map(this::report).toList(),
        waiting(),
        started.toString(),
        ended == null ? "" : ended.toString(),
        took(Duration.between(started, ended == null ? now : ended)),
        link,
        tail.start(),
        tail.next(),
        LogLine.of(tail.text()));
  }

  private String title() {
    String name = deployment.repository().fullName();
    return (name.isEmpty() ? "Deploy" : name) + " → " + deployment.environment().name();
  }

  private GithubState state() {
    return dossier.statuses().isEmpty()
        ? GithubState.QUEUED
        : dossier.statuses().getLast().status().state();
  }

  static String label(GithubState state) {
    return switch (state) {
      case QUEUED -> "Queued";
      case IN_PROGRESS -> "In progress";
      case SUCCESS -> "Success";
      case FAILURE -> "Failure";
      case ERROR -> "Error";
      case INACTIVE -> "Inactive";
    };
  }

  private String reason() {
    End end = run.end();
    return end != null
        ? end.reason()
        : dossier.statuses().isEmpty() ? "" : dossier.statuses().getLast().status().description();
  }

  private List<PageView.Fact> facts() {
    List<PageView.Fact> facts = new ArrayList<>();
    String sha = deployment.sha();
    facts.add(new PageView.Fact("Commit", deployment.shortSha(), commitUrl(sha)));
    add(facts, "Ref", deployment.ref().equals(sha) ? "" : deployment.ref());
    add(facts, "Task", deployment.task());
    add(facts, "By", deployment.creator());
    add(facts, "Route", run.route());
    add(facts, "Run", run.number() == 1 ? "" : Integer.toString(run.number()));
    add(facts, "Accepted", DAY.format(dossier.deployment().acceptedAt()));
    add(facts, "About", deployment.description());
    if (run.end() instanceof End.Succeeded(URI url, _) && url != null) {
      facts.add(new PageView.Fact("Live at", url.toString(), url.toString()));
    }
    return facts;
  }

  private static void add(List<PageView.Fact> facts, String name, String value) {
    if (!value.isEmpty()) {
      facts.add(new PageView.Fact(name, value, null));
    }
  }

  private @Nullable String commitUrl(@Nullable String sha) {
    return sha == null || !deployment.repository().isNamed()
        ? null
        : "https://"
            + deployment.repository().host()
            + "/"
            + deployment.repository().fullName()
            + "/commit/"
            + sha;
  }

  private PageView.Target target(String name) {
    Fact.OfTarget last = null;
    Verdict verdict = null;
    for (Fact fact : dossier.facts()) {
      if (fact instanceof Fact.OfTarget of && of.target().equals(name)) {
        last = of;
        verdict = of instanceof Fact.Judged judged ? judged.verdict() : verdict;
      }
    }
    return switch (last) {
      case null ->
          new PageView.Target(name, "waiting", run.end() == null ? "waits" : "not tried", "");
      case Fact.Intended _ -> new PageView.Target(name, "busy", "starting", "");
      case Fact.Busy busy -> new PageView.Target(name, "busy", "busy", busy.reason());
      case Fact.Judged judged -> judged(name, judged.verdict());
      case Fact.Looked _ -> judged(name, Objects.requireNonNull(verdict));
      case Fact.Seen seen -> new PageView.Target(name, "accepted", "accepted", seen.phase());
      case Fact.Unseen unseen ->
          new PageView.Target(name, "accepted", "accepted", "not seen: " + unseen.reason());
      case Fact.Stopped stopped ->
          new PageView.Target(name, "failed", "stopped", stopped.outcome());
      case Fact.Ended ended -> ended(name, ended.end());
    };
  }

  private static PageView.Target judged(String name, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped(String reason) ->
          new PageView.Target(name, "skipped", "skipped", reason);
      case Verdict.Refused(String reason) ->
          new PageView.Target(name, "refused", "refused", reason);
      case Verdict.Unknown(String reason) ->
          new PageView.Target(name, "unknown", "unknown", reason);
      case Verdict.Accepted(_, String reason) ->
          new PageView.Target(name, "accepted", "accepted", reason);
    };
  }

  private static PageView.Target ended(String name, End end) {
    return switch (end) {
      case End.Succeeded _ -> new PageView.Target(name, "succeeded", "accepted", "succeeded");
      case End.Failed _ -> new PageView.Target(name, "failed", "accepted", "failed");
      case End.Errored _ -> new PageView.Target(name, "failed", "accepted", "error");
      case End.Cancelled _ -> new PageView.Target(name, "skipped", "accepted", "cancelled");
      case End.Superseded _ -> new PageView.Target(name, "skipped", "accepted", "superseded");
    };
  }

  private PageView.Report report(Deployments.Reported reported) {
    String delivery = delivery(reported);
    return new PageView.Report(
        reported.status().state().word(),
        label(reported.status().state()),
        reported.status().description(),
        reported.createdAt().toString(),
        CLOCK.format(reported.createdAt()),
        delivery,
        switch (delivery) {
          case "posted" -> "GitHub has it";
          case "lost" -> "not taken by GitHub: " + problem(reported);
          case "local" -> "not on GitHub";
          default ->
              "waiting for GitHub" + (reported.problem() == null ? "" : ": " + problem(reported));
        });
  }

  private String delivery(Deployments.Reported reported) {
    if (deployment.githubId() == null) {
      return "local";
    }
    return reported.postedAt() != null ? "posted" : reported.givenUp() ? "lost" : "waiting";
  }

  private static String problem(Deployments.Reported reported) {
    return Objects.requireNonNullElse(reported.problem(), "no reason was kept");
  }

  private String waiting() {
    long count = dossier.waitingForGithub();
    return count == 0
        ? ""
        : count == 1 ? "1 status waits for GitHub" : count + " statuses wait for GitHub";
  }

  static String took(Duration duration) {
    Duration time = duration.isNegative() ? Duration.ZERO : duration;
    return time.toHours() > 0
        ? "%d h %02d m".formatted(time.toHours(), time.toMinutesPart())
        : time.toMinutes() > 0
            ? "%d m %02d s".formatted(time.toMinutes(), time.toSecondsPart())
            : time.toSeconds() + " s";
  }
}
