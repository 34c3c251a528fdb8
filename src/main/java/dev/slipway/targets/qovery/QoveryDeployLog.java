package dev.slipway.targets.qovery;

import dev.slipway.model.Attempt;
import dev.slipway.model.ProviderLine;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LenientJson;
import dev.slipway.targets.ProviderLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads Qovery's own log of a deploy into that of the run: what its log of the environment says
 * about our service in this deploy. Whatever goes wrong here is said once, and the deploy is
 * followed without it.
 */
final class QoveryDeployLog {
  /** So long a line may take to be there. */
  static final Duration LAG = Duration.ofSeconds(3);

  /** Each answer holds all that Qovery shows of the log. */
  private static final Duration PACE = Duration.ofSeconds(10);

  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);

  /** Qovery shows no more than this. */
  private static final int SHOWN = 1000;

  /** Lines that are written together, and those of the end of a log that is too long. */
  private static final int AT_ONCE = 100;

  private final QoveryClient client;
  private final QoveryLinks links;
  private final String serviceId;
  private final InstantSource clock;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private volatile @Nullable String environment;

  /**
   * What is known of a log that is read; forgotten with a restart.
   *
   * @param next when to read again
   * @param isTroubled whether it was said that it cannot be read
   */
  private record Reading(Instant next, boolean isTroubled) {}

  QoveryDeployLog(QoveryClient client, QoveryLinks links, String serviceId, InstantSource clock) {
    this.client = client;
    this.links = links;
    this.serviceId = serviceId;
    this.clock = clock;
  }

  /**
   * Reads on while the deploy goes on.
   *
   * @param executionId empty while Qovery does not name it
   */
  void follow(Attempt attempt, String executionId, AttemptLog log) throws InterruptedException {
    Instant now = clock.instant();
    Reading reading = readings.getOrDefault(key(attempt), new Reading(Instant.MIN, false));
    Optional<ProviderLog> kept = log.provider().filter(ProviderLog::hasRoom);
    if (kept.isEmpty() || executionId.isEmpty() || now.isBefore(reading.next())) {
      return;
    }
    try {
      JsonNode rows = rows(executionId);
      QoveryLogCursor cursor = QoveryLogCursor.parse(kept.get().cursor(), executionId);
      List<QoveryLogRow> unread =
          cursor.unread(QoveryLogRow.of(rows, serviceId, executionId)).stream()
              .filter(row -> !row.at().isAfter(now.minus(LAG)))
              .toList();
      List<QoveryLogRow> _ = add(kept.get(), unread, cursor, isCut(rows, cursor), log);
      readings.put(key(attempt), new Reading(now.plus(PACE), reading.isTroubled()));
    } catch (QoveryClient.UnavailableException e) {
      Duration wait = e.again().compareTo(AFTER_TROUBLE) > 0 ? e.again() : AFTER_TROUBLE;
      say(reading, e.reason(), log);
      readings.put(key(attempt), new Reading(now.plus(wait), true));
    }
  }

  /** Reads the rest of the log of a deploy that is over. */
  void finish(Attempt attempt, String executionId, AttemptLog log) throws InterruptedException {
    Reading reading = readings.getOrDefault(key(attempt), new Reading(Instant.MIN, false));
    Optional<ProviderLog> kept = log.provider();
    readings.remove(key(attempt));
    if (kept.isEmpty() || executionId.isEmpty()) {
      return;
    }
    try {
      JsonNode rows = rows(executionId);
      QoveryLogCursor cursor = QoveryLogCursor.parse(kept.get().cursor(), executionId);
      List<QoveryLogRow> unread = cursor.unread(QoveryLogRow.of(rows, serviceId, executionId));
      List<QoveryLogRow> left = add(kept.get(), unread, cursor, isCut(rows, cursor), log);
      if (!left.isEmpty()) {
        addEnd(kept.get(), left, cursor.after(unread));
      }
    } catch (QoveryClient.UnavailableException e) {
      say(reading, e.reason(), log);
    }
  }

  /** What Qovery's log says went wrong last; empty when it does not, or cannot be read. */
  Optional<String> error(String executionId) throws InterruptedException {
    if (executionId.isEmpty()) {
      return Optional.empty();
    }
    try {
      return QoveryLogRow.of(rows(executionId), serviceId, executionId).stream()
          .flatMap(row -> row.error().stream())
          .reduce((_, later) -> later);
    } catch (QoveryClient.UnavailableException e) {
      return Optional.empty();
    }
  }

  void forget(Attempt attempt) {
    readings.remove(key(attempt));
  }

  private JsonNode rows(String executionId)
      throws QoveryClient.UnavailableException, InterruptedException {
    if (environment == null) {
      environment = client.service().map(QoveryService::environmentId).orElse("");
    }
    String id = environment;
    if (id == null || id.isEmpty()) {
      environment = null;
      throw new QoveryClient.UnavailableException(
          "Qovery does not name the environment", QoveryWaits.DENIED);
    }
    return client
        .logs(id, executionId)
        .orElseThrow(
            () ->
                new QoveryClient.UnavailableException(
                    "Qovery shows no log of this deploy", QoveryWaits.DENIED));
  }

  /** Whether lines were lost behind the last one: Qovery shows only the newest. */
  private static boolean isCut(JsonNode rows, QoveryLogCursor cursor) {
    boolean isBegun = !cursor.equals(QoveryLogCursor.begin(cursor.executionId()));
    return isBegun
        && rows.size() >= SHOWN
        && StreamSupport.stream(rows.spliterator(), false)
            .map(row -> LenientJson.instant(row.path("timestamp")))
            .allMatch(at -> at != null && at.isAfter(cursor.last()));
  }

  /**
   * Adds lines while there is room.
   *
   * @return those for which there was none
   */
  private List<QoveryLogRow> add(
      ProviderLog kept,
      List<QoveryLogRow> unread,
      QoveryLogCursor from,
      boolean isCut,
      AttemptLog log)
      throws InterruptedException {
    if (!unread.isEmpty() && kept.cursor().isEmpty()) {
      log.log("Qovery: its own log follows, on the lines without this mark");
    }
    if (isCut) {
      log.log("Qovery: lines of its log are left out here; " + see());
    }
    QoveryLogCursor cursor = from;
    List<QoveryLogRow> left = unread;
    while (!left.isEmpty() && kept.hasRoom()) {
      List<QoveryLogRow> some = left.subList(0, Math.min(left.size(), AT_ONCE));
      cursor = cursor.after(some);
      kept.add(lines(some), cursor.text());
      left = left.subList(some.size(), left.size());
    }
    return left;
  }

  private void addEnd(ProviderLog kept, List<QoveryLogRow> left, QoveryLogCursor cursor)
      throws InterruptedException {
    int between = Math.max(0, left.size() - AT_ONCE);
    kept.addEnd(
        "Qovery: %d lines of its log are left out here; %s".formatted(between, see()),
        lines(left.subList(between, left.size())),
        cursor.text());
  }

  private String see() throws InterruptedException {
    return links.console().map(link -> "see " + link).orElse("see Qovery's console");
  }

  private void say(Reading reading, String why, AttemptLog log) throws InterruptedException {
    if (!reading.isTroubled()) {
      log.log(
          "Qovery: its own log cannot be read, so this one goes on without it. %s; %s"
              .formatted(why, see()));
    }
  }

  private static List<ProviderLine> lines(List<QoveryLogRow> rows) {
    return rows.stream().map(QoveryLogRow::line).toList();
  }

  private static String key(Attempt attempt) {
    return attempt.deploymentId() + "/" + attempt.run();
  }
}
