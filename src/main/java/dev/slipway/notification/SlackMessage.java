package dev.slipway.notification;

import dev.slipway.http.JsonCodec;
import dev.slipway.model.CleanText;
import dev.slipway.model.Deployment;
import dev.slipway.model.Status;
import dev.slipway.store.ClaimedNotification;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A status as a message for a Slack incoming webhook. Text from outside can neither mention anybody
 * nor make a link: the three characters that Slack gives a meaning are escaped, and it is told to
 * look for nothing else ({@code verbatim}).
 */
final class SlackMessage {
  /** Slack takes 3000 characters in a text; a name may become five times as long. */
  private static final int LONGEST_PART = 100;

  private SlackMessage() {}

  static String json(ClaimedNotification notification, NotificationLinks links) {
    Deployment deployment = notification.deployment().deployment();
    Status status = notification.status();
    String headline =
        "%s%s: *%s*"
            .formatted(
                deployment.repository().isNamed()
                    ? escaped(deployment.repository().fullName()) + " to "
                    : "",
                escaped(deployment.environment().name()),
                status.state().code());
    // Cut already; a status has 140 characters at most
    String text = headline + "\n" + escapedWhole(status.description());
    ObjectNode message = JsonCodec.object().put("text", text);
    message
        .putArray("blocks")
        .add(block("section", "text", markdown(text)))
        .add(context(facts(notification, links)));
    return message.toString();
  }

  private static String facts(ClaimedNotification notification, NotificationLinks links) {
    Deployment deployment = notification.deployment().deployment();
    List<String> facts = new ArrayList<>();
    facts.add(
        escaped(
            deployment.ref().isEmpty()
                ? deployment.shortSha()
                : deployment.shortSha() + " of " + deployment.ref()));
    facts.add("task " + escaped(deployment.task()));
    facts.add("run " + notification.run());
    if (!deployment.creator().isEmpty()) {
      facts.add("by " + escaped(deployment.creator()));
    }
    links.log().apply(notification.deployment()).ifPresent(url -> facts.add(link(url, "log")));
    URI environmentUrl = notification.status().environmentUrl();
    if (environmentUrl != null) {
      facts.add(link(environmentUrl.toString(), "open"));
    }
    return String.join(" · ", facts);
  }

  /** An address has none of the characters that would end the link: no URI has. */
  private static String link(String url, String label) {
    return "<" + escapedWhole(url) + "|" + label + ">";
  }

  private static ObjectNode markdown(String text) {
    return JsonCodec.object().put("type", "mrkdwn").put("text", text).put("verbatim", true);
  }

  private static ObjectNode block(String type, String key, ObjectNode content) {
    ObjectNode block = JsonCodec.object().put("type", type);
    block.set(key, content);
    return block;
  }

  private static ObjectNode context(String text) {
    ObjectNode block = JsonCodec.object().put("type", "context");
    block.putArray("elements").add(markdown(text));
    return block;
  }

  private static String escaped(String text) {
    return escapedWhole(CleanText.cut(text, LONGEST_PART));
  }

  private static String escapedWhole(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
