package dev.slipway.api;

import dev.slipway.control.LockRequest;
import dev.slipway.model.LockScope;
import dev.slipway.model.Repository;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads the bodies of {@code POST /api/locks} and {@code POST /api/locks/unlock}. */
final class LockRequestReader {
  private static final Set<String> SCOPE_FIELDS = Set.of("id", "host", "repository", "environment");
  private static final Set<String> FIELDS =
      Set.of("host", "repository", "environment", "owner", "reason", "ttl");
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_OWNER = 100;
  private static final int LONGEST_REASON = 500;

  private final RequestFields fields;

  private LockRequestReader(byte[] body, Set<String> known) {
    this.fields = RequestFields.read(body, known);
  }

  /** The fields of a lock that is asked for. */
  static LockRequestReader ofLock(byte[] body) {
    return new LockRequestReader(body, FIELDS);
  }

  /** The fields of a lock, by its number or its scope, that is to be removed. */
  static LockRequestReader ofScope(byte[] body) {
    return new LockRequestReader(body, SCOPE_FIELDS);
  }

  /** All that was wrong with what was read so far. */
  RequestFields fields() {
    return fields;
  }

  LockScope scope() {
    String repository = bounded("repository", LONGEST_NAME);
    if (!repository.isEmpty() && !Repository.isFullName(repository)) {
      fields.error("repository must be owner/name");
    }
    return new LockScope(
        bounded("host", LONGEST_NAME), repository, bounded("environment", LONGEST_NAME));
  }

  /**
   * @param actor locks where the body names no owner
   */
  LockRequest lock(String actor) {
    String owner = bounded("owner", LONGEST_OWNER);
    String reason = bounded("reason", LONGEST_REASON);
    if (reason.isEmpty()) {
      fields.error("reason must say why: whoever waits reads it");
    }
    return new LockRequest(scope(), owner.isEmpty() ? actor : owner, reason, ttl());
  }

  private Optional<Duration> ttl() {
    String text = fields.text("ttl", "");
    Optional<Duration> ttl = LockRequest.ttl(text);
    if (!text.isEmpty() && ttl.isEmpty()) {
      fields.error("ttl " + LockRequest.TTL_RULE);
    }
    return ttl;
  }

  private String bounded(String name, int longest) {
    String text = fields.text(name, "").strip();
    if (text.length() > longest) {
      fields.error(name + " may have " + longest + " characters");
    }
    return text;
  }
}
