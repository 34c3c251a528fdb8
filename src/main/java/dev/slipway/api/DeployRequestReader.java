package dev.slipway.api;

import dev.slipway.control.DeployRequest;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.Repository;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body of {@code POST /api/deploy_application}. */
final class DeployRequestReader {
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Set<String> FIELDS =
      Set.of(
          "host",
          "repository",
          "sha",
          "ref",
          "environment",
          "task",
          "payload",
          "description",
          "create_github_deployment",
          "route",
          "required_contexts");

  private DeployRequestReader() {}

  /** What came of reading a body. */
  sealed interface Read {
    /** It is fine. */
    record Good(DeployRequest request) implements Read {}

    /** Everything that is wrong with it. */
    record Bad(List<String> errors) implements Read {}
  }

  static Read read(byte[] body, GithubHosts githubHosts) {
    RequestFields fields = RequestFields.read(body, FIELDS);
    String sha = fields.text("sha", "");
    boolean create = fields.flag("create_github_deployment");
    if (!sha.isEmpty() && !SHA.matcher(sha).matches()) {
      fields.error("sha must be 40 or 64 hex digits in lower case");
    }
    Repository repository = fields.repository(githubHosts);
    String ref = fields.text("ref", sha);
    if (create && (!repository.isNamed() || ref.isEmpty())) {
      fields.error("create_github_deployment needs repository, and ref or sha");
    }
    if (!repository.isNamed() && !(sha + ref).isEmpty()) {
      fields.error("ref and sha need repository");
    }
    String route = fields.text("route", "");
    DeployRequest request =
        new DeployRequest(
            repository,
            sha.isEmpty() ? null : sha,
            ref,
            fields.text("environment", "production"),
            fields.text("task", "deploy"),
            fields.payload(),
            fields.text("description", ""),
            create,
            route.isEmpty() ? null : route,
            fields.contexts());
    return fields.errors().isEmpty() ? new Read.Good(request) : new Read.Bad(fields.errors());
  }
}
