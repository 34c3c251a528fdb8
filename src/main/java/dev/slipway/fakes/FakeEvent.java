package dev.slipway.fakes;

import java.time.Instant;
import java.util.Optional;

/** Something that happened at a fake. */
public sealed interface FakeEvent {
  /** GitHub has a new deployment. */
  record DeploymentCreated(long deployment, String environment, String sha, String description)
      implements FakeEvent {}

  /** GitHub sends the event of a deployment. */
  record DeliverySent(long deployment, String guid, boolean redelivery) implements FakeEvent {}

  /**
   * A delivery was answered, or was not.
   *
   * @param status 0 if there was no response; the reason then says why
   * @param decision the receiver's word for what it did, or for its error
   */
  record DeliveryAnswered(long deployment, String guid, int status, String decision, String reason)
      implements FakeEvent {}

  /** GitHub accepted a deployment status; fields that the request left out are empty. */
  record StatusCreated(
      long deployment,
      long id,
      String state,
      String description,
      String logUrl,
      String environmentUrl)
      implements FakeEvent {}

  /** GitHub rejected a deployment status. */
  record StatusRejected(long deployment, int status, String reason) implements FakeEvent {}

  /** A provider received a request to do something. */
  record RequestReceived(String call, String detail) implements FakeEvent {}

  /**
   * A provider accepted a deploy.
   *
   * @param trigger how it was requested: {@code deploy_hook} or {@code api}
   * @param ends when it will be over; empty if nobody knows
   */
  record DeployCreated(String id, String commit, String trigger, Instant at, Optional<Instant> ends)
      implements FakeEvent {}

  /**
   * A provider was asked to cancel a deploy.
   *
   * @param stopped whether it was not over yet
   */
  record CancelReceived(String id, String commit, boolean stopped, Instant at)
      implements FakeEvent {}

  /** A provider sent a response that matters. */
  record ResponseSent(boolean good, String answer, String detail) implements FakeEvent {}

  /** A deploy has come to another state. */
  record StateChanged(String state) implements FakeEvent {}
}
