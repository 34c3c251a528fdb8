package dev.slipway.crash;

import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The half of GitHub that sends: deliveries, and again whichever an operator asks for. */
final class GithubSender implements AutoCloseable {
  private static final Pattern DECISION = Pattern.compile("\"decision\":\"(\\w+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final OutsideJournal journal;
  private final LongFunction<Address> addresses;
  private final Map<Long, String> guids = new ConcurrentHashMap<>();

  GithubSender(OutsideJournal journal) {
    this(journal, GithubSender::address);
  }

  GithubSender(OutsideJournal journal, LongFunction<Address> addresses) {
    this.journal = journal;
    this.addresses = addresses;
  }

  /** What a deployment is of, and what only one deploy may be in at a time. */
  record Address(String repository, long repositoryId, String environment, String key) {}

  private static Address address(long deployment) {
    DeployDestination place = DeployDestination.of(deployment);
    return new Address(
        place.repository(), 1296269 + place.line() % 4, place.environment(), place.key());
  }

  /**
   * Sends the event of a deployment.
   *
   * @param newGuid as a second hook would, instead of the same delivery again
   * @return whether it was answered
   */
  boolean deliver(URI door, long deployment, boolean newGuid) throws InterruptedException {
    Address address = addresses.apply(deployment);
    String guid =
        newGuid
            ? UUID.randomUUID().toString()
            : guids.computeIfAbsent(deployment, _ -> UUID.randomUUID().toString());
    byte[] body = event(deployment, address).getBytes(StandardCharsets.UTF_8);
    journal.add(new OutsideJournal.Sent(deployment, address.key(), guid));
    HttpRequest request =
        HttpRequest.newBuilder(door)
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "deployment")
            .header("X-GitHub-Enterprise-Host", "127.0.0.1")
            .header("X-GitHub-Delivery", guid)
            .header("X-Hub-Signature-256", sign(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      Matcher decision = DECISION.matcher(answer.body());
      journal.add(
          new OutsideJournal.Answered(
              deployment, guid, answer.statusCode(), decision.find() ? decision.group(1) : "none"));
      return answer.statusCode() == 202;
    } catch (IOException killed) {
      return false;
    }
  }

  private static String sign(byte[] body) {
    return "sha256=" + HexFormat.of().formatHex(Hmac.of(new Secret(KilledProcess.SECRET), body));
  }

  private static String event(long id, Address address) {
    return """
        {"action":"created","deployment":{"id":%d,"sha":"%s","ref":"main","task":"deploy",
        "environment":"%s","payload":{},"description":"from chat",
        "creator":{"login":"mia","type":"User"},"performed_via_github_app":null},
        "workflow_run":null,
        "repository":{"id":%d,"full_name":"%s","private":false}}"""
        .formatted(
            id,
            SmallRender.commitOf(id),
            address.environment(),
            address.repositoryId(),
            address.repository());
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
