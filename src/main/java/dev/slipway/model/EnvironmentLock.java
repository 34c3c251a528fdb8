package dev.slipway.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A lock that somebody has put on environments: no deployment of theirs starts while it lasts. What
 * runs goes on.
 *
 * @param owner who locked, as that one said
 * @param expiresAt when it ends by itself; null when it has to be removed
 */
public record EnvironmentLock(
    long id,
    LockScope scope,
    String owner,
    String reason,
    Instant createdAt,
    @Nullable Instant expiresAt) {
  private static final int LONGEST_OWNER = 30;
  private static final int LONGEST_ARGUMENTS = 42;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm 'UTC'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  /**
   * Why a deployment waits: by whom, why, until when, how to unlock. A long reason is cut, so that
   * GitHub shows the rest.
   */
  public Hold hold() {
    String head = "Locked by " + Status.cut(owner, LONGEST_OWNER) + ": ";
    String tail = until() + "; slipway unlock" + arguments();
    int left = Status.LONGEST_DESCRIPTION - CleanText.length(head) - CleanText.length(tail);
    return new Hold(head + Status.cut(reason, left) + tail, expiresAt);
  }

  private String until() {
    return expiresAt == null ? "" : " (until " + format(expiresAt) + ")";
  }

  private String format(Instant end) {
    return (day(end).equals(day(createdAt)) ? TIME : DAY_AND_TIME).format(end);
  }

  private static LocalDate day(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private String arguments() {
    String words = scope.arguments();
    if (words.isEmpty()) {
      return "";
    }
    return CleanText.length(words) > LONGEST_ARGUMENTS ? " --id " + id : " " + words;
  }
}
