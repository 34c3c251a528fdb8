package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.SafeExcerpt;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a deploy of a Qovery application or job.
 *
 * @param id the UUID of the application or job
 * @param forceEvent the event of a job that is run: {@code START}, {@code STOP}, {@code DELETE},
 *     {@code CRON}, or null
 * @param imageTag the tag to deploy for a job that comes from an image registry; {@code {sha}} in
 *     it stands for the commit. Null for an application, and for a job that comes from git
 */
public record QoveryConfig(
    QoveryAccount account,
    Kind kind,
    String id,
    @Nullable String forceEvent,
    @Nullable String imageTag,
    AttemptLimits limits) {
  static final String COMMIT = "{sha}";

  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private static final List<String> EVENTS = List.of("START", "STOP", "DELETE", "CRON");

  /** The kind of service that is deployed. */
  public enum Kind {
    APPLICATION("application", "QOVERY_APPLICATION_ID"),
    JOB("job", "QOVERY_JOB_ID");

    private final String word;
    private final String setting;

    Kind(String word, String setting) {
      this.word = word;
      this.setting = setting;
    }

    /** Qovery's word for it, in its paths and in sentences. */
    String word() {
      return word;
    }

    /** The setting that holds the id. */
    String setting() {
      return setting;
    }
  }

  /** Settings of an application. */
  public static QoveryConfig application(QoveryAccount account, String id, AttemptLimits limits) {
    return new QoveryConfig(account, Kind.APPLICATION, id, null, null, limits);
  }

  /** Settings of a job. */
  static QoveryConfig job(
      QoveryAccount account,
      String id,
      @Nullable String forceEvent,
      @Nullable String imageTag,
      AttemptLimits limits) {
    return new QoveryConfig(account, Kind.JOB, id, forceEvent, imageTag, limits);
  }

  /** Whether the version that is deployed is the deployment's. */
  boolean isPinned() {
    return imageTag == null || imageTag.contains(COMMIT);
  }

  /** What is wrong with the id of an application or job; empty when nothing is. */
  static Optional<String> problemWithId(String uuid) {
    return UUID.matcher(uuid).matches()
        ? Optional.empty()
        : Optional.of(
            SafeExcerpt.of(uuid)
                + " is no Qovery id; set the UUID of the application or job, such as "
                + "3c90c3cc-0d44-4b50-8888-8dd25736052a");
  }

  /** What is wrong with the event; empty when nothing is. */
  static Optional<String> problemWithForceEvent(String forceEvent) {
    return EVENTS.contains(forceEvent)
        ? Optional.empty()
        : Optional.of(
            "QOVERY_JOB_FORCE_EVENT is %s; set START, STOP, DELETE or CRON, or leave it out"
                .formatted(SafeExcerpt.of(forceEvent)));
  }
}
