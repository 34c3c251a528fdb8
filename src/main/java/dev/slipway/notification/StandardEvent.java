package dev.slipway.notification;

import dev.slipway.http.JsonCodec;
import dev.slipway.model.Deployment;
import dev.slipway.model.Status;
import dev.slipway.store.ClaimedNotification;
import java.net.URI;
import tools.jackson.databind.node.ObjectNode;

/** A status as the event that Standard Webhooks describes: type, timestamp and data. */
final class StandardEvent {
  private static final String TYPE = "deployment.";

  private StandardEvent() {}

  static String json(ClaimedNotification notification, NotificationLinks links) {
    Deployment deployment = notification.deployment().deployment();
    Status status = notification.status();
    URI environmentUrl = status.environmentUrl();
    ObjectNode data =
        JsonCodec.object()
            .put("id", notification.deployment().id())
            .put("github_deployment_id", deployment.githubId())
            .put("host", deployment.repository().host())
            .put("repository", deployment.repository().fullName())
            .put("environment", deployment.environment().name())
            .put("task", deployment.task())
            .put("sha", deployment.sha())
            .put("ref", deployment.ref())
            .put("creator", deployment.creator())
            .put("run", notification.run())
            .put("state", status.state().code())
            .put("description", status.description())
            .put("log_url", links.log().apply(notification.deployment()).orElse(null))
            .put("environment_url", environmentUrl == null ? null : environmentUrl.toString())
            .put("url", links.state().apply(notification.deployment()));
    return JsonCodec.object()
        .put("type", TYPE + status.state().code())
        .put("timestamp", notification.createdAt().toString())
        .set("data", data)
        .toString();
  }
}
