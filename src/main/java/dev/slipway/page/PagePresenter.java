package dev.slipway.page;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.GithubState;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Logs;
import dev.slipway.store.StoredRun;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PageView} of a stored deployment. */
final class PagePresenter {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final DeploymentQueries.DeploymentDetails details;
  private final Deployment deployment;
  private final StoredRun run;
  private final MissedDeliveries silence;

  PagePresenter(DeploymentQueries.DeploymentDetails details, MissedDeliveries silence) {
    this.details = details;
    this.silence = silence;
    this.deployment = details.deployment().deployment();
    this.run = details.run();
  }

  PageView view(String link, Logs.Piece tail, Instant now) {
    return new PageView(
        Fingerprint.of(details, silence),
        heading(),
        facts(),
        clock(now),
        new ChainPresenter(details).all(),
        details.statuses().stream().map(this::report).toList(),
        new PageView.Log(link, tail.start(), tail.next(), LogLine.of(tail.text())));
  }

  private PageView.Heading heading() {
    GithubState state = state();
    return new PageView.Heading(
        "Deployment " + details.deployment().id(),
        deployment.repository().fullName(),
        deployment.environment().name(),
        state.code(),
        label(state),
        reason(),
        notices());
  }

  private PageView.Clock clock(Instant now) {
    Instant ended = run.endedAt();
    Instant begun = run.startedAt();
    Instant from = begun == null ? run.queuedAt() : begun;
    Duration time = Duration.between(from, ended == null ? now : ended);
    return new PageView.Clock(
        ended != null ? "Took" : begun == null ? "Waits for" : "Runs for",
        ended == null,
        Math.max(0, time.toSeconds()),
        took(time));
  }

  private GithubState state() {
    return details.statuses().isEmpty()
        ? GithubState.QUEUED
        : details.statuses().getLast().status().state();
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
        : details.statuses().isEmpty() ? "" : details.statuses().getLast().status().description();
  }

  private List<PageView.HeaderField> facts() {
    List<PageView.HeaderField> facts = new ArrayList<>();
    String sha = deployment.sha();
    facts.add(
        new PageView.HeaderField(
            "Commit", deployment.shortSha(), sha == null ? "" : "code", commitUrl(sha)));
    add(facts, "Ref", deployment.ref().equals(sha) ? "" : deployment.ref(), "code");
    add(facts, "Task", deployment.task(), "");
    add(facts, "By", deployment.creator(), "");
    add(facts, "Route", run.route(), "");
    Long githubId = deployment.githubId();
    add(facts, "On GitHub", githubId == null ? "" : "deployment " + githubId, "");
    add(facts, "Run", run.number() == 1 ? "" : Integer.toString(run.number()), "");
    add(facts, "Accepted", DAY.format(details.deployment().acceptedAt()), "");
    if (run.end() instanceof End.Succeeded(URI url, _) && url != null) {
      boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      facts.add(
          new PageView.HeaderField("Live at", url.toString(), "wide", web ? url.toString() : null));
    }
    add(facts, "Description", deployment.description(), "full");
    return facts;
  }

  private static void add(
      List<PageView.HeaderField> facts, String name, String value, String look) {
    if (!value.isEmpty()) {
      facts.add(new PageView.HeaderField(name, value, look, null));
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

  private PageView.StatusRow report(DeploymentQueries.StatusReport reported) {
    PageView.Posting posting = posting(reported);
    return new PageView.StatusRow(
        reported.status().state().code(),
        label(reported.status().state()),
        reported.status().description(),
        reported.createdAt().toString(),
        CLOCK.format(reported.createdAt()),
        posting,
        posting == PageView.Posting.LOST || posting == PageView.Posting.WAITING
            ? Objects.requireNonNullElse(reported.problem(), "")
            : "");
  }

  private PageView.Posting posting(DeploymentQueries.StatusReport reported) {
    if (deployment.githubId() == null) {
      return PageView.Posting.LOCAL;
    }
    if (reported.postedAt() != null) {
      return PageView.Posting.POSTED;
    }
    if (reported.replaced()) {
      return PageView.Posting.REPLACED;
    }
    return reported.givenUp() ? PageView.Posting.LOST : PageView.Posting.WAITING;
  }

  private List<String> notices() {
    return Stream.of(waiting(), silence.notice()).filter(text -> !text.isEmpty()).toList();
  }

  /** The first status that waits holds up the others, so the problem is stored with it. */
  private String waiting() {
    long count = details.waitingForGithub();
    if (count == 0) {
      return "";
    }
    String notice = count == 1 ? "1 status waits for GitHub" : count + " statuses wait for GitHub";
    DeploymentQueries.StatusReport first =
        details.statuses().stream()
            .filter(DeploymentQueries.StatusReport::isWaiting)
            .findFirst()
            .orElseThrow();
    String problem = first.problem();
    return problem == null
        ? notice
        : notice + " since " + CLOCK.format(first.createdAt()) + " UTC: " + problem;
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
