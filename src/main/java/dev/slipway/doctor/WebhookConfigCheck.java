package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Judges the {@code config} of a webhook as GitHub shows it, be it a repository's or a GitHub
 * App's: all of it can be wrong without anything being refused.
 */
final class WebhookConfigCheck {
  private final String subject;
  private final String secret;

  /**
   * @param subject the webhook
   * @param secret what the setting of its secret is called
   */
  WebhookConfigCheck(String subject, String secret) {
    this.subject = subject;
    this.secret = secret;
  }

  /** A result for each wrong setting. */
  List<CheckResult> results(JsonNode config) {
    List<CheckResult> results = new ArrayList<>();
    if (config.path("content_type").asString("form").equals("form")) {
      results.add(
          warning(
              "sends forms, which are larger than JSON",
              "choose the content type application/json"));
    }
    if (!config.path("insecure_ssl").asString("0").equals("0")) {
      results.add(
          warning(
              "does not check the certificate of this server", "choose Enable SSL verification"));
    }
    if (config.path("secret").asString("").isEmpty()) {
      results.add(
          warning(
              "shows no secret; what is not signed is refused",
              "set the value of " + secret + " there"));
    }
    return results;
  }

  CheckResult failure(String detail, String advice) {
    return new CheckResult.Failure(subject, detail, onGithub(advice));
  }

  CheckResult warning(String detail, String advice) {
    return new CheckResult.Warning(subject, detail, onGithub(advice));
  }

  private static String onGithub(String advice) {
    return "on GitHub, in the webhook's settings: " + advice;
  }
}
