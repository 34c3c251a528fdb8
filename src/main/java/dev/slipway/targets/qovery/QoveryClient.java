package dev.slipway.targets.qovery;

import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.CleanText;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderClient;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Qovery's API for one service. */
final class QoveryClient {
  private final QoveryConfig config;
  private final ProviderClient client;
  private final QoveryMessages messages;
  private final InstantSource clock;
  private final String path;

  QoveryClient(
      QoveryConfig config, ProviderCalls calls, QoveryMessages messages, InstantSource clock) {
    QoveryAccount account = config.account();
    this.config = config;
    this.client = new ProviderClient(calls, account.apiUrl(), account.scheme(), account.token());
    this.messages = messages;
    this.clock = clock;
    this.path = "/" + config.kind().word() + "/" + BaseUrl.encoded(config.id());
  }

  /** Qovery could not be read. Ends a poll or lookup of several reads; never leaves the package. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final Duration again;

    UnavailableException(String reason, Duration again) {
      super(reason, null, false, false);
      this.reason = reason;
      this.again = again;
    }

    String reason() {
      return reason;
    }

    /** When it is worth reading again. */
    Duration again() {
      return again;
    }
  }

  /**
   * A readable answer.
   *
   * @param clockSkew how far Qovery's clock is ahead of ours
   */
  record Answer(JsonNode json, Duration clockSkew) {
    /** Dates come in whole seconds and take a while to arrive. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    /** One of our instants by Qovery's clock, early rather than late. */
    Instant onQoveryClock(Instant ours) {
      return ours.plus(clockSkew).minus(SLACK);
    }
  }

  /** Adds the clock skew to an answer that has just come. */
  Answer dated(Reply.Answered answered) {
    Instant now = clock.instant();
    Duration skew = answered.date().map(date -> Duration.between(now, date)).orElse(Duration.ZERO);
    return new Answer(answered.json(), skew);
  }

  /** The request that starts a deploy. */
  Call startRequest(String json) {
    String event = config.forceEvent();
    String query = event == null ? "" : "?forceEvent=" + BaseUrl.encoded(event);
    return client.post(path + "/deploy" + query, json);
  }

  /** Cancels one request, never the environment: that would end other people's deploys too. */
  Reply cancel(String requestId) throws InterruptedException {
    return client.cancel(
        client.post("/deploymentQueue/" + BaseUrl.encoded(requestId) + "/cancelDeployment", "{}"));
  }

  /** The status of the service, for a caller that polls. */
  Answer status() throws UnavailableException, InterruptedException {
    return required(answer(client.poll(path + "/status")));
  }

  /** The queued requests of the service, for a caller that polls. */
  JsonNode queue() throws UnavailableException, InterruptedException {
    String queue = "/service/" + BaseUrl.encoded(config.id()) + "/deploymentQueue";
    return required(answer(client.poll(queue))).json().path("results");
  }

  /** The state of a request, for a caller that polls; empty when Qovery does not know it. */
  Optional<String> requestState(String requestId)
      throws UnavailableException, InterruptedException {
    String state = "/environment/deploymentStatus?deploymentRequestId=";
    return answer(client.poll(state + BaseUrl.encoded(requestId)))
        .map(Answer::json)
        .filter(
            json -> requestId.equalsIgnoreCase(json.path("deployment_request_id").stringValue("")))
        .flatMap(json -> json.path("status").stringValueOpt())
        .map(CleanText::line);
  }

  /** The last deploys; empty when Qovery shows no history. */
  Optional<QoveryHistory> history(QoveryVersion version)
      throws UnavailableException, InterruptedException {
    return answer(client.read(path + "/deploymentHistoryV2?pageSize=20"))
        .map(answer -> QoveryHistory.from(answer.json(), version, config.forceEvent()));
  }

  /** The description of the service; empty when Qovery shows none. */
  Optional<QoveryService> service() throws UnavailableException, InterruptedException {
    return answer(client.read(path)).map(answer -> new QoveryService(answer.json()));
  }

  /** The addresses at which people reach the service; empty when Qovery shows none. */
  Optional<JsonNode> links() throws UnavailableException, InterruptedException {
    return answer(client.read(path + "/link")).map(Answer::json);
  }

  /** The description of an environment; empty when Qovery shows none. */
  Optional<JsonNode> environment(String id) throws UnavailableException, InterruptedException {
    return answer(client.read("/environment/" + BaseUrl.encoded(id))).map(Answer::json);
  }

  /** What Qovery shows of the log of an execution; empty when it shows nothing. */
  Optional<JsonNode> logs(String environmentId, String executionId)
      throws UnavailableException, InterruptedException {
    String logs =
        "/environment/%s/logs?version=%s"
            .formatted(BaseUrl.encoded(environmentId), BaseUrl.encoded(executionId));
    return answer(client.poll(logs), JsonNode::isArray).map(Answer::json);
  }

  private Answer required(Optional<Answer> answer) throws UnavailableException {
    return answer.orElseThrow(
        () -> new UnavailableException(messages.unknownService(), QoveryWaits.DENIED));
  }

  /** Empty when Qovery says that there is nothing at this path. */
  private Optional<Answer> answer(Reply reply) throws UnavailableException {
    return answer(reply, JsonNode::isObject);
  }

  private Optional<Answer> answer(Reply reply, Predicate<JsonNode> isReadable)
      throws UnavailableException {
    return switch (reply) {
      case Reply.NotSent(String reason, _) -> throw unavailable(reason);
      case Reply.Unanswered(String reason) -> throw unavailable(reason);
      case Reply.Answered answered when answered.isSuccess() ->
          Optional.of(readable(answered, isReadable));
      case Reply.Answered answered -> unsuccessful(answered);
    };
  }

  private Answer readable(Reply.Answered answered, Predicate<JsonNode> isReadable)
      throws UnavailableException {
    Answer answer = dated(answered);
    if (!isReadable.test(answer.json())) {
      throw unavailable(
          "Qovery answered " + answered.status() + " with something that is not its JSON");
    }
    return answer;
  }

  private Optional<Answer> unsuccessful(Reply.Answered answered) throws UnavailableException {
    int status = answered.status();
    if (status == 401 || status == 403) {
      throw new UnavailableException(messages.withHint(answered), QoveryWaits.DENIED);
    }
    if (answered.mayPass()) {
      Duration again =
          ProviderWaits.afterFailure(answered, QoveryWaits.unavailable(), clock.instant());
      throw new UnavailableException(messages.of(answered), again);
    }
    if (status < 400) {
      throw unavailable(messages.withHint(answered));
    }
    return Optional.empty();
  }

  private static UnavailableException unavailable(String reason) {
    return new UnavailableException(reason, QoveryWaits.unavailable());
  }
}
