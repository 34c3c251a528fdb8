package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The calls of Render's API about one service. */
record RenderClient(
    Http http, URI apiUrl, Secret apiKey, ServiceId service, ReadBudgets.Budget budget) {
  static final int PAGE = 100;

  Reply facts() throws InterruptedException {
    budget.spend();
    return send(Call.get(uri("")));
  }

  Call trigger(String json) {
    return Call.postJson(uri("/deploys"), json);
  }

  /**
   * Deploys created after an instant, newest first.
   *
   * @param cursor where the last page ended, or null for the first page
   */
  Reply deploys(Instant after, @Nullable String cursor) throws InterruptedException {
    budget.spend();
    String page = cursor == null ? "" : "&cursor=" + LenientJson.encoded(cursor);
    return send(Call.get(uri("/deploys?createdAfter=" + moment(after) + "&limit=" + PAGE + page)));
  }

  /** The newest deploys; whoever looks again and again has reserved it. */
  Reply newest() throws InterruptedException {
    return http.poll(authorized(Call.get(uri("/deploys?limit=" + PAGE))));
  }

  /** Who else asks for the newest deploys of the service with this key. */
  NewestDeploys shared() {
    return budget.newest(uri(""));
  }

  /** One look at a deploy; whoever looks again and again has reserved it. */
  Reply deploy(String id) throws InterruptedException {
    return http.poll(authorized(Call.get(uri("/deploys/" + id))));
  }

  Reply events(Instant after) throws InterruptedException {
    budget.spend();
    return send(Call.get(uri("/events?startTime=" + moment(after) + "&limit=" + PAGE)));
  }

  Call cancel(String id) {
    return Call.post(uri("/deploys/" + id + "/cancel"));
  }

  Reply send(Call call) throws InterruptedException {
    return http.send(authorized(call));
  }

  private Call authorized(Call call) {
    return call.with("Authorization", "Bearer " + apiKey.reveal())
        .with("Accept", "application/json");
  }

  /** The key is wrong, or does not see the service; asking again changes nothing soon. */
  static boolean isDenied(Reply.Answered answer) {
    return answer.status() == 401 || answer.status() == 403 || answer.status() == 404;
  }

  private URI uri(String rest) {
    String base = apiUrl.toString().replaceAll("/+$", "");
    return URI.create(base + "/v1/services/" + service + rest);
  }

  private static String moment(Instant instant) {
    return LenientJson.encoded(instant.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  @Override
  public String toString() {
    return "RenderCalls[" + service + "]";
  }
}
