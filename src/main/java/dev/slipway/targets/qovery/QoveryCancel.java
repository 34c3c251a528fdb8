package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;

/** Cancels one request, never the environment: that would end other people's deploys too. */
final class QoveryCancel {
  private final QoveryClient client;
  private final QoveryService service;

  QoveryCancel(QoveryClient client, QoveryService service) {
    this.client = client;
    this.service = service;
  }

  String cancel(QoveryDeployId id) throws InterruptedException {
    return switch (id) {
      case QoveryDeployId.Since _ ->
          "could not be cancelled at Qovery, which never named the request; cancel the deploy of"
              + " the "
              + service.kind().word()
              + " in Qovery's console";
      case QoveryDeployId.Request(String requestId) -> outcome(post(requestId));
    };
  }

  private Reply post(String requestId) throws InterruptedException {
    return client.cancel(
        "/deploymentQueue/" + QoveryClient.escaped(requestId) + "/cancelDeployment");
  }

  private String outcome(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String reason, _) -> failed(reason);
      case Reply.Unanswered(String reason) ->
          "may have been cancelled at Qovery (" + reason + "); look in Qovery's console";
      case Reply.Answered answered when answered.isSuccess() -> "cancelled at Qovery";
      case Reply.Answered answered when answered.status() == 409 ->
          "Qovery was already cancelling it, or could not just then (409); look in Qovery's"
              + " console";
      case Reply.Answered answered when answered.status() == 401 || answered.status() == 403 ->
          failed(client.words(answered) + "; " + client.aboutToken(answered.status()));
      case Reply.Answered answered -> failed(client.words(answered));
    };
  }

  private static String failed(String reason) {
    return "could not be cancelled at Qovery (" + reason + "); cancel it in Qovery's console";
  }
}
