package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.SafeExcerpt;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a deploy of a Qovery service.
 *
 * @param id the UUID of the service
 * @param forceEvent the event of a job that is run: {@code START}, {@code STOP}, {@code DELETE},
 *     {@code CRON}, or null
 * @param version which version of the service a deployment means
 */
public record QoveryConfig(
    QoveryAccount account,
    Kind kind,
    String id,
    @Nullable String forceEvent,
    QoveryVersionRule version,
    AttemptLimits limits) {
  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private static final List<String> EVENTS = List.of("START", "STOP", "DELETE", "CRON");

  /** The kind of service that is deployed. */
  public enum Kind {
    APPLICATION("application", "application"),
    JOB("job", "job"),
    CONTAINER("container", "container"),
    HELM("helm", "Helm service");

    private final String word;
    private final String noun;

    Kind(String word, String noun) {
      this.word = word;
      this.noun = noun;
    }

    /** Qovery's word for it in its paths, and ours in names of settings. */
    String word() {
      return word;
    }

    /** What it is called in sentences. */
    String noun() {
      return noun;
    }

    /** Whether Qovery lists the addresses at which people reach it. */
    boolean hasLinks() {
      return this != JOB;
    }

    /** The setting that holds the id. */
    String setting() {
      return "QOVERY_" + name() + "_ID";
    }
  }

  /** Settings of an application. */
  public static QoveryConfig application(QoveryAccount account, String id, AttemptLimits limits) {
    return new QoveryConfig(
        account, Kind.APPLICATION, id, null, new QoveryVersionRule.ByCommit(), limits);
  }

  /**
   * Settings of a job.
   *
   * @param imageTag the tag to deploy when it comes from an image registry; null when from git
   */
  static QoveryConfig job(
      QoveryAccount account,
      String id,
      @Nullable String forceEvent,
      @Nullable String imageTag,
      AttemptLimits limits) {
    QoveryVersionRule version =
        imageTag == null
            ? new QoveryVersionRule.ByCommit()
            : byTag("QOVERY_JOB_IMAGE_TAG", imageTag);
    return new QoveryConfig(account, Kind.JOB, id, forceEvent, version, limits);
  }

  /** Settings of a container. */
  static QoveryConfig container(
      QoveryAccount account, String id, String imageTag, AttemptLimits limits) {
    QoveryVersionRule version = byTag("QOVERY_CONTAINER_IMAGE_TAG", imageTag);
    return new QoveryConfig(account, Kind.CONTAINER, id, null, version, limits);
  }

  /**
   * Settings of a Helm service.
   *
   * @param chartVersion the version of a chart of a Helm repository; null for a chart in git
   * @param valuesFromGit whether files in git override the values, which are then deployed too
   */
  static QoveryConfig helm(
      QoveryAccount account,
      String id,
      @Nullable String chartVersion,
      boolean valuesFromGit,
      AttemptLimits limits) {
    QoveryVersionRule chart =
        chartVersion == null
            ? new QoveryVersionRule.ByCommit()
            : new QoveryVersionRule.ByChartVersion(
                new QoveryVersionRule.Template("QOVERY_HELM_CHART_VERSION", chartVersion));
    QoveryVersionRule version =
        valuesFromGit ? new QoveryVersionRule.WithValuesOfCommit(chart) : chart;
    return new QoveryConfig(account, Kind.HELM, id, null, version, limits);
  }

  private static QoveryVersionRule byTag(String setting, String text) {
    return new QoveryVersionRule.ByImageTag(new QoveryVersionRule.Template(setting, text));
  }

  /** What is wrong with the id of a service; empty when nothing is. */
  static Optional<String> problemWithId(String uuid) {
    return UUID.matcher(uuid).matches()
        ? Optional.empty()
        : Optional.of(
            SafeExcerpt.of(uuid)
                + " is no Qovery id; set the UUID of the service, such as "
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
