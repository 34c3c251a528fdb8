package dev.slipway.targets.qovery;

import dev.slipway.http.JsonCodec;
import dev.slipway.targets.ProviderMessages;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The version to deploy, and the places in Qovery's answers that name a version. */
sealed interface QoveryVersion {
  /** The body of the deploy request. */
  String body();

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
    public String body() {
      return JsonCodec.object().put("git_commit_id", sha).toString();
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
      return text(service.path("git_repository").path("deployed_commit_id"))
          .or(
              () ->
                  text(
                      service
                          .path("source")
                          .path("docker")
                          .path("git_repository")
                          .path("deployed_commit_id")));
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
    public String body() {
      return JsonCodec.object().put("image_tag", tag).toString();
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

  private static Optional<String> text(JsonNode node) {
    return node.stringValueOpt().map(ProviderMessages::line).filter(value -> !value.isBlank());
  }
}
