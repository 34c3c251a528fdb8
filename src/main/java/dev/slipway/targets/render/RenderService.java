package dev.slipway.targets.render;

import dev.slipway.targets.LenientJson;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What Render knows about a service.
 *
 * @param url where it can be seen, for the kinds of service that can
 * @param owner the id of its workspace
 */
record RenderService(
    boolean isCronJob,
    boolean isImageBacked,
    boolean deploysByItself,
    boolean isSuspended,
    Optional<URI> url,
    Optional<URI> dashboard,
    Optional<String> owner) {
  private static final Set<String> VISIBLE = Set.of("static_site", "web_service");
  private static final String AUTO_DEPLOY =
      "Warning: auto-deploy is on for this service, so Render may deploy the same commit by"
          + " itself and cancel one of the two deploys. Turn it off in the service's settings.";

  static RenderService from(JsonNode json) {
    String type = LenientJson.text(json.path("type")).orElse("");
    return new RenderService(
        type.equals("cron_job"),
        LenientJson.text(json.path("imagePath")).isPresent(),
        LenientJson.text(json.path("autoDeploy")).orElse("").equals("yes"),
        LenientJson.text(json.path("suspended")).orElse("").equals("suspended"),
        VISIBLE.contains(type)
            ? LenientJson.link(json.path("serviceDetails").path("url"))
            : Optional.empty(),
        LenientJson.link(json.path("dashboardUrl")),
        LenientJson.text(json.path("ownerId")));
  }

  /** Lines for the log: where to look, and what may get in the way. */
  List<String> notes() {
    return Stream.concat(
            dashboard.stream().map(link -> "Render dashboard: " + link),
            Stream.of(AUTO_DEPLOY).filter(_ -> deploysByItself))
        .toList();
  }
}
