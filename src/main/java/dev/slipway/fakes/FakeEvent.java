package dev.slipway.fakes;

/** Something that one of the small servers saw or did. */
public sealed interface FakeEvent {
  /** GitHub has a new deployment. */
  record DeploymentCreated(long deployment, String environment, String sha) implements FakeEvent {}

  /** GitHub delivers the event of a deployment, for the first time or again. */
  record DeliverySent(long deployment, boolean redelivery) implements FakeEvent {}

  /**
   * The answer to a delivery came.
   *
   * @param status 0 if none came
   * @param decision the word that the receiver gave for what it did with it
   */
  record DeliveryAnswered(long deployment, int status, String decision, String reason)
      implements FakeEvent {}

  /** GitHub took a deployment status; what it does not say is empty. */
  record StatusCreated(
      long deployment,
      long id,
      String state,
      String description,
      String logUrl,
      String environmentUrl)
      implements FakeEvent {}

  /** GitHub did not take a deployment status. */
  record StatusRejected(long deployment, int status, String reason) implements FakeEvent {}

  /** Whoever deploys was asked to do something. */
  record RequestReceived(String call, String detail) implements FakeEvent {}

  /** Whoever deploys has answered. */
  record ResponseSent(boolean good, String answer, String detail) implements FakeEvent {}

  /** A deploy has come to its next phase. */
  record StateChanged(String state) implements FakeEvent {}
}
