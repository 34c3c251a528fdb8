package dev.slipway.fakes;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of GitHub's API and events. */
record GitHubBodies(URI api) {
  private static final String WEB = "https://github.com/";
  private static final long OWNER_ID = 6_811_672;
  private static final long BOT_ID = 53_918_240;

  /** A machine user, which GitHub shows as any other user. */
  private static final String BOT = "octo-chatops";

  ObjectNode deployment(FakeDeployment of) {
    JsonNode wanted = of.wanted();
    String environment = of.environment();
    ObjectNode deployment =
        JsonBodies.object()
            .put("url", deploymentUrl(of))
            .put("id", of.id())
            .put("node_id", nodeId("Deployment", of.id()))
            .put("sha", of.sha())
            .put("ref", of.ref())
            .put("task", of.task())
            .put("original_environment", environment)
            .put("environment", environment)
            .put("description", orNull(wanted.path("description")))
            .put("created_at", second(of.createdAt()))
            .put("updated_at", second(of.createdAt()))
            .put("statuses_url", deploymentUrl(of) + "/statuses")
            .put("repository_url", repositoryUrl(of.repository()))
            .put("transient_environment", wanted.path("transient_environment").asBoolean(false))
            .put(
                "production_environment",
                wanted.path("production_environment").asBoolean(environment.equals("production")))
            .putNull("performed_via_github_app");
    deployment.set(
        "payload",
        wanted.path("payload").isMissingNode() ? JsonBodies.object() : wanted.get("payload"));
    deployment.set("creator", user(BOT, BOT_ID, "User"));
    return deployment;
  }

  /** The body of a {@code deployment} event. */
  ObjectNode event(FakeDeployment deployment, Instant now) {
    ObjectNode event = JsonBodies.object().put("action", "created");
    event.set("deployment", deployment(deployment));
    event.putNull("workflow").putNull("workflow_run");
    event.set("repository", repository(deployment.repository(), now));
    event.set("organization", organization(deployment.repository()));
    event.set("sender", user(BOT, BOT_ID, "User"));
    return event;
  }

  ObjectNode status(FakeDeployment deployment, FakeDeployment.Posted posted) {
    FakeEvent.StatusCreated created = posted.status();
    String url = deploymentUrl(deployment);
    String at = second(posted.at());
    ObjectNode status =
        JsonBodies.object()
            .put("url", url + "/statuses/" + created.id())
            .put("id", created.id())
            .put("node_id", nodeId("DeploymentStatus", created.id()))
            .put("state", created.state())
            .put("description", created.description())
            .put("environment", deployment.environment())
            .put("target_url", created.logUrl())
            .put("log_url", created.logUrl())
            .put("environment_url", created.environmentUrl())
            .put("created_at", at)
            .put("updated_at", at)
            .put("deployment_url", url)
            .put("repository_url", repositoryUrl(deployment.repository()))
            .putNull("performed_via_github_app");
    status.set("creator", user(BOT, BOT_ID, "User"));
    return status;
  }

  ObjectNode repository(FakeRepository of, Instant now) {
    String fullName = of.fullName();
    ObjectNode repository =
        JsonBodies.object()
            .put("id", of.id())
            .put("node_id", nodeId("Repository", of.id()))
            .put("name", of.name())
            .put("full_name", fullName)
            .put("private", true)
            .put("html_url", WEB + fullName)
            .put("description", "My first repository on GitHub!")
            .put("fork", false)
            .put("url", repositoryUrl(of))
            .put("deployments_url", repositoryUrl(of) + "/deployments")
            .put("created_at", "2011-01-26T19:01:12Z")
            .put("updated_at", second(now))
            .put("pushed_at", second(now))
            .put("clone_url", WEB + fullName + ".git")
            .put("archived", false)
            .put("visibility", "private")
            .put("default_branch", "main");
    repository.putArray("topics");
    repository.set("owner", user(of.owner(), OWNER_ID, "Organization"));
    return repository;
  }

  private ObjectNode organization(FakeRepository of) {
    return JsonBodies.object()
        .put("login", of.owner())
        .put("id", OWNER_ID)
        .put("node_id", nodeId("Organization", OWNER_ID))
        .put("url", api + "/orgs/" + of.owner())
        .putNull("description");
  }

  private ObjectNode user(String login, long id, String type) {
    return JsonBodies.object()
        .put("login", login)
        .put("id", id)
        .put("node_id", nodeId(type, id))
        .put("avatar_url", "https://avatars.githubusercontent.com/u/" + id + "?v=4")
        .put("gravatar_id", "")
        .put("url", api + "/users/" + login)
        .put("html_url", WEB + login)
        .put("type", type)
        .put("user_view_type", "public")
        .put("site_admin", false);
  }

  String deploymentUrl(FakeDeployment of) {
    return repositoryUrl(of.repository()) + "/deployments/" + of.id();
  }

  private String repositoryUrl(FakeRepository of) {
    return api + "/repos/" + of.fullName();
  }

  private static String nodeId(String type, long id) {
    String plain = "0" + type.length() + ":" + type + id;
    return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable String orNull(JsonNode node) {
    return node.isString() ? node.stringValue() : null;
  }

  private static String second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
