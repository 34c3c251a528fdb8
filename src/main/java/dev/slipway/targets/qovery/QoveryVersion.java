package dev.slipway.targets.qovery;

import dev.slipway.http.JsonCodec;
import dev.slipway.model.CleanText;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The version to deploy, and the places in Qovery's answers that name a version. */
sealed interface QoveryVersion {
  /** The body of the deploy request. */
  ObjectNode body();

  /** Whether Qovery's spelling of a version is this one. */
  boolean matches(String other);

  /** This version in words, for the log and the status. */
  String describe();

  /** Another version of the same kind in words. */
  String describe(String other);

  /** The version that the description of the service names as deployed. */
  Optional<String> deployedIn(JsonNode service);

  /** The version that an entry of the deployment history names. */
  Optional<String> inHistory(JsonNode details);

  /**
   * Whether {@link #deployedIn} is the version that runs. An image source names the configured tag,
   * whether it runs or not, so a difference there proves nothing.
   */
  boolean reportsRunning();

  record Commit(String sha) implements QoveryVersion {
    private static final int SHORTEST = 7;

    @Override
    public ObjectNode body() {
      return JsonCodec.object().put("git_commit_id", sha);
    }

    @Override
    public boolean matches(String other) {
      String mine = sha.toLowerCase(Locale.ROOT);
      String theirs = other.toLowerCase(Locale.ROOT);
      return theirs.length() >= SHORTEST && mine.startsWith(theirs);
    }

    @Override
    public String describe() {
      return describe(sha);
    }

    @Override
    public String describe(String other) {
      return "commit " + other.substring(0, Math.min(SHORTEST, other.length()));
    }

    @Override
    public Optional<String> deployedIn(JsonNode service) {
      JsonNode source = service.path("source");
      return inRepository(service)
          .or(() -> inRepository(source.path("docker")))
          .or(() -> inRepository(source.path("git")));
    }

    private static Optional<String> inRepository(JsonNode holder) {
      return text(holder.path("git_repository").path("deployed_commit_id"));
    }

    @Override
    public Optional<String> inHistory(JsonNode details) {
      return text(details.path("commit").path("git_commit_id"));
    }

    @Override
    public boolean reportsRunning() {
      return true;
    }
  }

  record Image(String tag) implements QoveryVersion {
    @Override
    public ObjectNode body() {
      return JsonCodec.object().put("image_tag", tag);
    }

    @Override
    public boolean matches(String other) {
      return tag.equals(other);
    }

    @Override
    public String describe() {
      return describe(tag);
    }

    @Override
    public String describe(String other) {
      return "image tag " + other;
    }

    @Override
    public Optional<String> deployedIn(JsonNode service) {
      // A job names it within its source, a container beside its image
      return text(service.path("source").path("image").path("tag"))
          .or(() -> text(service.path("tag")));
    }

    @Override
    public Optional<String> inHistory(JsonNode details) {
      return text(details.path("tag"));
    }

    @Override
    public boolean reportsRunning() {
      return false;
    }
  }

  record Chart(String chart) implements QoveryVersion {
    @Override
    public ObjectNode body() {
      return JsonCodec.object().put("chart_version", chart);
    }

    @Override
    public boolean matches(String other) {
      return chart.equals(other);
    }

    @Override
    public String describe() {
      return describe(chart);
    }

    @Override
    public String describe(String other) {
      return "chart version " + other;
    }

    @Override
    public Optional<String> deployedIn(JsonNode service) {
      return text(service.path("source").path("repository").path("chart_version"));
    }

    @Override
    public Optional<String> inHistory(JsonNode details) {
      return text(details.path("repository").path("chart_version"));
    }

    @Override
    public boolean reportsRunning() {
      return false;
    }
  }

  /**
   * A chart with the values that files of a commit override. Qovery names the commit of the values
   * nowhere, so only the chart is compared.
   */
  record WithValues(QoveryVersion chart, String sha) implements QoveryVersion {
    @Override
    public ObjectNode body() {
      return chart.body().put("values_override_git_commit_id", sha);
    }

    @Override
    public boolean matches(String other) {
      return chart.matches(other);
    }

    @Override
    public String describe() {
      return chart.describe();
    }

    @Override
    public String describe(String other) {
      return chart.describe(other);
    }

    @Override
    public Optional<String> deployedIn(JsonNode service) {
      return chart.deployedIn(service);
    }

    @Override
    public Optional<String> inHistory(JsonNode details) {
      return chart.inHistory(details);
    }

    @Override
    public boolean reportsRunning() {
      return chart.reportsRunning();
    }
  }

  private static Optional<String> text(JsonNode node) {
    return node.stringValueOpt().map(CleanText::line).filter(value -> !value.isBlank());
  }
}
