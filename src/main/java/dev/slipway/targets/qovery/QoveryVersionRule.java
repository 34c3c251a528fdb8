package dev.slipway.targets.qovery;

import dev.slipway.model.Deployment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the version of a service follows from a deployment. */
public sealed interface QoveryVersionRule {
  /** What stands for the commit in a tag or the version of a chart. */
  String COMMIT = "{sha}";

  /** The version that a deployment asks for; empty when that needs a commit and there is none. */
  Optional<QoveryVersion> version(Deployment deployment);

  /** The setting that names a version without the commit; empty when the commit decides. */
  Optional<String> unpinned();

  /** The commit itself. */
  record ByCommit() implements QoveryVersionRule {
    @Override
    public Optional<QoveryVersion> version(Deployment deployment) {
      return Optional.ofNullable(deployment.sha()).map(QoveryVersion.Commit::new);
    }

    @Override
    public Optional<String> unpinned() {
      return Optional.empty();
    }
  }

  /** A tag of an image. */
  record ByImageTag(Template tag) implements QoveryVersionRule {
    @Override
    public Optional<QoveryVersion> version(Deployment deployment) {
      return tag.filled(deployment.sha()).map(QoveryVersion.Image::new);
    }

    @Override
    public Optional<String> unpinned() {
      return tag.unpinned();
    }
  }

  /** The version of a chart in a Helm repository. */
  record ByChartVersion(Template chart) implements QoveryVersionRule {
    @Override
    public Optional<QoveryVersion> version(Deployment deployment) {
      return chart.filled(deployment.sha()).map(QoveryVersion.Chart::new);
    }

    @Override
    public Optional<String> unpinned() {
      return chart.unpinned();
    }
  }

  /** A chart, by a rule of its own, with the values that files of the commit override. */
  record WithValuesOfCommit(QoveryVersionRule chart) implements QoveryVersionRule {
    @Override
    public Optional<QoveryVersion> version(Deployment deployment) {
      return Optional.ofNullable(deployment.sha())
          .flatMap(
              sha ->
                  chart
                      .version(deployment)
                      .map(version -> new QoveryVersion.WithValues(version, sha)));
    }

    @Override
    public Optional<String> unpinned() {
      return Optional.empty();
    }
  }

  /**
   * The value of a setting in which {@link #COMMIT} stands for the commit.
   *
   * @param setting the name of the setting
   */
  record Template(String setting, String text) {
    private Optional<String> filled(@Nullable String sha) {
      if (!text.contains(COMMIT)) {
        return Optional.of(text);
      }
      return Optional.ofNullable(sha).map(commit -> text.replace(COMMIT, commit));
    }

    private Optional<String> unpinned() {
      return text.contains(COMMIT) ? Optional.empty() : Optional.of(setting);
    }
  }
}
