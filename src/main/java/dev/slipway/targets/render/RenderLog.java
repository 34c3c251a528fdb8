package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.ProviderLine;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LenientJson;
import dev.slipway.targets.ProviderLog;
import dev.slipway.targets.ProviderWaits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads Render's own log of a deploy into that of the run: the lines of the build, and from its end
 * on those of the service. Render does not say which deploy a line is of, so they are cut by the
 * deploy's times. Whatever goes wrong here is said once, and the deploy is followed without it.
 */
final class RenderLog {
  /** So long a line may take to be there; what is younger is read with the next page. */
  private static final Duration LAG = Duration.ofSeconds(3);

  /** A clock of Render's that writes lines may differ from one that ends deploys. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(1);

  /** How long the end of a deploy may be held up for the rest of its log. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PATIENCE_FOR_FAILURES = Duration.ofSeconds(20);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);
  private static final Duration AFTER_LIMIT = Duration.ofMinutes(1);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Pages for each look at the deploy. */
  private static final int PAGES = 3;

  private final RenderClient client;
  private final RenderMessages messages;
  private final InstantSource clock;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /**
   * What was said about a log that cannot be read; forgotten with a restart.
   *
   * @param until when it is worth another try
   */
  private record Trouble(Instant until) {}

  /** What came of reading on. */
  private enum Progress {
    /** There is nothing more for now. */
    UP_TO_DATE,
    MORE,
    /** There is more than what is kept. */
    FULL,
    /** Too many logs are read with this key. */
    NO_TURN,
    TROUBLE
  }

  RenderLog(RenderClient client, RenderMessages messages, InstantSource clock) {
    this.client = client;
    this.messages = messages;
    this.clock = clock;
  }

  /** Reads on while the deploy goes on. */
  void follow(Attempt attempt, RenderDeploy deploy, boolean isBuilt, AttemptLog log)
      throws InterruptedException {
    Optional<ProviderLog> kept = log.provider();
    if (kept.isPresent() && !isInTrouble(attempt)) {
      Reading reading =
          new Reading(attempt, kept.get(), log, clock.instant().minus(LAG), isBuilt, false);
      Progress _ = reading.read(reading.cursor(deploy));
    }
  }

  /**
   * Reads the rest of the log of a deploy that is over.
   *
   * @param since when it was seen to be over
   * @return after how long to ask again; empty when all is read, or as much as can be
   */
  Optional<Duration> finish(
      Attempt attempt, RenderDeploy deploy, RenderStatus status, Instant since, AttemptLog log)
      throws InterruptedException {
    Optional<ProviderLog> kept = log.provider();
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    boolean isFailure = status.meaning() == RenderStatus.Meaning.FAILED;
    // Nobody has to wait for the last lines of a deploy that went well
    if (isFailure && now.isBefore(since.plus(LAG))) {
      return Optional.of(Duration.between(now, since.plus(LAG)));
    }
    Instant until = Optional.ofNullable(deploy.finishedAt()).orElse(now).plus(CLOCK_MARGIN);
    boolean hasApp = status != RenderStatus.BUILD_FAILED && status != RenderStatus.CANCELED;
    Reading reading = new Reading(attempt, kept.get(), log, until, hasApp, true);
    RenderLogCursor cursor = reading.cursor(deploy);
    if (cursor.part() == RenderLogCursor.Part.DONE || isDenied(attempt)) {
      return Optional.empty();
    }
    Duration patience = isFailure ? PATIENCE_FOR_FAILURES : PATIENCE;
    boolean isLast = !now.isBefore(since.plus(patience));
    // The newest lines have to be read as well, and reads are few
    boolean isLong = !now.isBefore(since.plus(isFailure ? LAG : Duration.ZERO).plus(SOON));
    return switch (reading.read(cursor)) {
      case UP_TO_DATE -> done(attempt, reading);
      case FULL -> end(attempt, reading);
      case MORE -> isLong ? end(attempt, reading) : Optional.of(SOON);
      case NO_TURN -> isLast ? leave(attempt, log) : Optional.of(LAG);
      case TROUBLE -> isLast || isDenied(attempt) ? leave(attempt, log) : Optional.of(LAG);
    };
  }

  private Optional<Duration> done(Attempt attempt, Reading reading) {
    reading.kept.add(List.of(), reading.at.next(RenderLogCursor.Part.DONE).text());
    forget(attempt);
    return Optional.empty();
  }

  private Optional<Duration> end(Attempt attempt, Reading reading) throws InterruptedException {
    reading.readEnd();
    forget(attempt);
    return Optional.empty();
  }

  private Optional<Duration> leave(Attempt attempt, AttemptLog log) {
    if (!troubles.containsKey(key(attempt))) {
      log.log(
          "Render: too many logs are read with this API key, so the rest is not read; " + see());
    }
    forget(attempt);
    return Optional.empty();
  }

  void forget(Attempt attempt) {
    troubles.remove(key(attempt));
  }

  private boolean isInTrouble(Attempt attempt) {
    Trouble trouble = troubles.get(key(attempt));
    return trouble != null && clock.instant().isBefore(trouble.until());
  }

  private boolean isDenied(Attempt attempt) {
    Trouble trouble = troubles.get(key(attempt));
    return trouble != null && trouble.until().equals(Instant.MAX);
  }

  private String see() {
    return client
        .described()
        .flatMap(RenderService::dashboard)
        .map(URI::toString)
        .map(link -> "see " + link)
        .orElse("see the service in Render's dashboard");
  }

  private static String key(Attempt attempt) {
    return attempt.deploymentId() + "/" + attempt.run();
  }

  /** One look at the log of a deploy. */
  private final class Reading {
    private final Attempt attempt;
    private final ProviderLog kept;
    private final AttemptLog log;
    private final Instant until;
    private final boolean hasApp;
    private final boolean isOver;
    private RenderLogCursor at = RenderLogCursor.begin(Instant.EPOCH);

    /**
     * @param until nothing later is read
     * @param hasApp whether the build is over and the service may have lines of its own
     * @param isOver whether the deploy is over
     */
    Reading(
        Attempt attempt,
        ProviderLog kept,
        AttemptLog log,
        Instant until,
        boolean hasApp,
        boolean isOver) {
      this.attempt = attempt;
      this.kept = kept;
      this.log = log;
      this.until = until;
      this.hasApp = hasApp;
      this.isOver = isOver;
    }

    RenderLogCursor cursor(RenderDeploy deploy) {
      return kept.cursor()
          .map(RenderLogCursor::parse)
          .orElseGet(
              () ->
                  RenderLogCursor.begin(
                      Optional.ofNullable(deploy.createdAt()).orElse(attempt.since())));
    }

    Progress read(RenderLogCursor from) throws InterruptedException {
      at = from;
      for (int page = 0; page < PAGES; page++) {
        if (at.part() == RenderLogCursor.Part.DONE || !until.isAfter(at.from())) {
          return Progress.UP_TO_DATE;
        }
        if (!kept.hasRoom()) {
          return Progress.FULL;
        }
        Progress progress = readPage();
        boolean isBuildRead =
            progress == Progress.UP_TO_DATE && at.part() == RenderLogCursor.Part.BUILD && hasApp;
        if (isBuildRead) {
          at = at.next(RenderLogCursor.Part.APP);
        } else if (progress != Progress.MORE) {
          return progress;
        }
      }
      return Progress.MORE;
    }

    private Progress readPage() throws InterruptedException {
      Optional<String> owner = owner();
      if (owner.isEmpty()) {
        return Progress.TROUBLE;
      }
      if (!client.logBudget().take(isOver)) {
        return Progress.NO_TURN;
      }
      Reply reply = client.logs(owner.get(), at.part().types(), at.from(), until, "forward");
      if (!(reply instanceof Reply.Answered answer) || !isPage(answer)) {
        return trouble(reply);
      }
      List<RenderLogRow> rows = RenderLogRow.of(answer.json());
      boolean hasMore = answer.json().path("hasMore").asBoolean(false);
      Instant next = LenientJson.instant(answer.json().path("nextStartTime"));
      List<ProviderLine> lines = unseen(rows);
      at = at.after(rows, hasMore ? Optional.ofNullable(next).orElse(at.from()) : null);
      if (!lines.isEmpty()) {
        if (kept.cursor().isEmpty()) {
          log.log("Render: its own log follows, on the lines without this mark");
        }
        kept.add(lines, at.text());
      }
      return hasMore ? Progress.MORE : Progress.UP_TO_DATE;
    }

    private List<ProviderLine> unseen(List<RenderLogRow> rows) {
      return rows.stream()
          .filter(row -> !at.seen().contains(row.id()))
          .map(RenderLogRow::line)
          .toList();
    }

    /** The newest lines of a log that is too long, or was not read in time. */
    void readEnd() throws InterruptedException {
      Optional<String> owner = owner();
      RenderLogCursor.Part part = hasApp ? RenderLogCursor.Part.APP : RenderLogCursor.Part.BUILD;
      List<ProviderLine> lines = new ArrayList<>();
      if (owner.isPresent() && client.logBudget().take(true)) {
        Reply reply = client.logs(owner.get(), part.types(), at.from(), until, "backward");
        if (reply instanceof Reply.Answered answer && isPage(answer)) {
          lines.addAll(unseen(RenderLogRow.of(answer.json())));
        }
      }
      kept.addEnd(
          "Render: lines of its log are left out here; " + see(),
          lines,
          at.next(RenderLogCursor.Part.DONE).text());
    }

    private Optional<String> owner() throws InterruptedException {
      if (client.described().isEmpty()) {
        Reply reply = client.service();
        if (client.described().isEmpty()) {
          Progress _ = trouble(reply);
          return Optional.empty();
        }
      }
      Optional<String> owner = client.described().flatMap(RenderService::owner);
      if (owner.isEmpty()) {
        say("Render does not say whose service it is", Instant.MAX);
      }
      return owner;
    }

    private static boolean isPage(Reply.Answered answer) {
      return answer.isSuccess() && answer.json().path("logs").isArray();
    }

    private Progress trouble(Reply reply) {
      Instant now = clock.instant();
      if (reply instanceof Reply.Answered answer && answer.status() == 429) {
        Duration wait = ProviderWaits.asked(answer, now).orElse(AFTER_LIMIT);
        client.logBudget().pause(wait.compareTo(AFTER_LIMIT) > 0 ? AFTER_LIMIT : wait);
      }
      boolean mayPass =
          !(reply instanceof Reply.Answered answer) || answer.mayPass() || answer.isSuccess();
      say(messages.unseen(reply), mayPass ? now.plus(AFTER_TROUBLE) : Instant.MAX);
      return Progress.TROUBLE;
    }

    private void say(String why, Instant until) {
      if (troubles.put(key(attempt), new Trouble(until)) == null) {
        log.log(
            "Render: its own log cannot be read, so this one goes on without it. %s; %s"
                .formatted(why, see()));
      }
    }
  }
}
