package dev.slipway.targets.render;

import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderClient;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Render's API for one service. */
final class RenderClient {
  static final int PAGE = 100;

  private final ProviderClient client;
  private final ServiceId service;
  private final ReadBudgets.Account account;
  private final ProviderClient all;
  private volatile @Nullable RenderService described;

  RenderClient(
      ProviderCalls calls,
      URI apiUrl,
      Secret apiKey,
      ServiceId service,
      ReadBudgets.Account account) {
    BaseUrl base = BaseUrl.of(apiUrl);
    this.client = new ProviderClient(calls, base.uri("/v1/services/" + service), "Bearer", apiKey);
    this.all = new ProviderClient(calls, base.uri("/v1"), "Bearer", apiKey);
    this.service = service;
    this.account = account;
  }

  ServiceId serviceId() {
    return service;
  }

  /** The reads that are left to the key. */
  RenderReadBudget budget() {
    return account.budget();
  }

  /** What Render knows about the service. */
  Reply service() throws InterruptedException {
    budget().spend();
    Reply reply = client.read("");
    if (reply instanceof Reply.Answered answer && answer.isSuccess()) {
      described = RenderService.from(answer.json());
    }
    return reply;
  }

  /** The service as it was read last; empty before it was read. */
  Optional<RenderService> described() {
    return Optional.ofNullable(described);
  }

  /** The reads of logs that are left to the key. */
  RenderLogBudget logBudget() {
    return account.logs();
  }

  /**
   * A page of the service's log. The caller has taken the read.
   *
   * @param types {@code build}, {@code app}
   * @param direction {@code forward} for the oldest lines of the time, {@code backward} for the
   *     newest
   */
  Reply logs(String owner, List<String> types, Instant from, Instant until, String direction)
      throws InterruptedException {
    budget().spend();
    return all.poll(
        "/logs?ownerId=%s&resource=%s%s&startTime=%s&endTime=%s&direction=%s&limit=%d"
            .formatted(
                BaseUrl.encoded(owner),
                service,
                types.stream().map(type -> "&type=" + type).collect(Collectors.joining()),
                BaseUrl.encoded(from.toString()),
                BaseUrl.encoded(until.toString()),
                direction,
                PAGE));
  }

  /** The request that starts a deploy. */
  Call startRequest(String json) {
    return client.post("/deploys", json);
  }

  /** The request that makes a deploy live again that was live before. */
  Call rollbackRequest(String deployId) {
    return client.post("/rollback", JsonCodec.object().put("deployId", deployId).toString());
  }

  /** The newest deploys that were live, and have been replaced. */
  Reply replaced() throws InterruptedException {
    budget().spend();
    return client.read("/deploys?status=deactivated&limit=" + PAGE);
  }

  /**
   * Deploys created after an instant, newest first.
   *
   * @param cursor where the last page ended, or null for the first page
   */
  Reply deploys(Instant after, @Nullable String cursor) throws InterruptedException {
    budget().spend();
    String page = cursor == null ? "" : "&cursor=" + BaseUrl.encoded(cursor);
    return client.read("/deploys?createdAfter=" + moment(after) + "&limit=" + PAGE + page);
  }

  /** The newest deploys. The caller has reserved the read, for it polls. */
  Reply newest() throws InterruptedException {
    return client.poll("/deploys?limit=" + PAGE);
  }

  /** The list of the service's newest deploys that all who use this key share. */
  NewestDeploys shared() {
    return account.newest(client.uri(""));
  }

  /** One deploy. The caller has reserved the read, for it polls. */
  Reply deploy(String id) throws InterruptedException {
    return client.poll("/deploys/" + id);
  }

  Reply events(Instant after) throws InterruptedException {
    budget().spend();
    return client.read("/events?startTime=" + moment(after) + "&limit=" + PAGE);
  }

  /** The request that starts a one-off job. */
  Call jobRequest(String json) {
    return client.post("/jobs", json);
  }

  /** One-off jobs created after an instant, newest first. */
  Reply jobs(Instant after) throws InterruptedException {
    budget().spend();
    return client.read("/jobs?createdAfter=" + moment(after) + "&limit=" + PAGE);
  }

  /** One job. The caller has reserved the read, for it polls. */
  Reply job(String id) throws InterruptedException {
    return client.poll("/jobs/" + id);
  }

  /** The request that cancels a job. */
  Call cancelJobRequest(String id) {
    return client.post("/jobs/" + id + "/cancel");
  }

  /** The request that cancels a deploy. */
  Call cancelRequest(String id) {
    return client.post("/deploys/" + id + "/cancel");
  }

  /** Sends a request that cancels. */
  Reply send(Call cancel) throws InterruptedException {
    return client.cancel(cancel);
  }

  /** The key is wrong, or does not see the service; asking again changes nothing soon. */
  static boolean isDenied(Reply.Answered answer) {
    return answer.status() == 401 || answer.status() == 403 || answer.status() == 404;
  }

  private static String moment(Instant instant) {
    return BaseUrl.encoded(instant.truncatedTo(ChronoUnit.MILLIS).toString());
  }
}
