package dev.slipway.fakes;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of GitHub's API and events, for one repository. */
record GitHubBodies(URI api, String fullName) {
  private static final String WEB = "https://github.com/";
  private static final long OWNER_ID = 6_811_672;
  private static final long REPOSITORY_ID = 1_296_269;
  private static final long BOT_ID = 53_918_240;

  /** A machine user, which GitHub shows as any other user. */
  private static final String BOT = "octo-chatops";

  ObjectNode deployment(long id, String sha, JsonNode wanted, Instant now) {
    String environment = wanted.path("environment").asString("production");
    ObjectNode deployment =
        JsonBodies.object()
            .put("url", deploymentUrl(id))
            .put("id", id)
            .put("node_id", nodeId("Deployment", id))
            .put("sha", sha)
            .put("ref", wanted.path("ref").asString())
            .put("task", wanted.path("task").asString("deploy"))
            .put("original_environment", environment)
            .put("environment", environment)
            .put("description", orNull(wanted.path("description")))
            .put("created_at", second(now))
            .put("updated_at", second(now))
            .put("statuses_url", deploymentUrl(id) + "/statuses")
            .put("repository_url", repositoryUrl())
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
  ObjectNode event(JsonNode deployment, Instant now) {
    ObjectNode event = JsonBodies.object().put("action", "created");
    event.set("deployment", deployment);
    event.putNull("workflow").putNull("workflow_run");
    event.set("repository", repository(now));
    event.set("organization", organization());
    event.set("sender", user(BOT, BOT_ID, "User"));
    return event;
  }

  ObjectNode status(FakeEvent.StatusCreated reported, JsonNode deployment, Instant at) {
    String url = deploymentUrl(reported.deployment());
    ObjectNode status =
        JsonBodies.object()
            .put("url", url + "/statuses/" + reported.id())
            .put("id", reported.id())
            .put("node_id", nodeId("DeploymentStatus", reported.id()))
            .put("state", reported.state())
            .put("description", reported.description())
            .put("environment", deployment.path("environment").asString())
            .put("target_url", reported.logUrl())
            .put("log_url", reported.logUrl())
            .put("environment_url", reported.environmentUrl())
            .put("created_at", second(at))
            .put("updated_at", second(at))
            .put("deployment_url", url)
            .put("repository_url", repositoryUrl())
            .putNull("performed_via_github_app");
    status.set("creator", user(BOT, BOT_ID, "User"));
    return status;
  }

  ObjectNode repository(Instant now) {
    String name = fullName.substring(fullName.indexOf('/') + 1);
    ObjectNode repository =
        JsonBodies.object()
            .put("id", REPOSITORY_ID)
            .put("node_id", nodeId("Repository", REPOSITORY_ID))
            .put("name", name)
            .put("full_name", fullName)
            .put("private", true)
            .put("html_url", WEB + fullName)
            .put("description", "My first repository on GitHub!")
            .put("fork", false)
            .put("url", repositoryUrl())
            .put("deployments_url", repositoryUrl() + "/deployments")
            .put("created_at", "2011-01-26T19:01:12Z")
            .put("updated_at", second(now))
            .put("pushed_at", second(now))
            .put("clone_url", WEB + fullName + ".git")
            .put("archived", false)
            .put("visibility", "private")
            .put("default_branch", "main");
    repository.putArray("topics");
    repository.set("owner", user(owner(), OWNER_ID, "Organization"));
    return repository;
  }

  private ObjectNode organization() {
    return JsonBodies.object()
        .put("login", owner())
        .put("id", OWNER_ID)
        .put("node_id", nodeId("Organization", OWNER_ID))
        .put("url", api + "/orgs/" + owner())
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

  String deploymentUrl(long id) {
    return repositoryUrl() + "/deployments/" + id;
  }

  private String repositoryUrl() {
    return api + "/repos/" + fullName;
  }

  private String owner() {
    return fullName.substring(0, fullName.indexOf('/'));
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
