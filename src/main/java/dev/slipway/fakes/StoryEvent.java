package dev.slipway.fakes;

/** Something that one of the small servers saw or did. */
public sealed interface StoryEvent {
  /** GitHub has a new deployment. */
  record Created(long deployment, String environment, String sha) implements StoryEvent {}

  /** GitHub delivers the event of a deployment, for the first time or again. */
  record Sent(long deployment, boolean again) implements StoryEvent {}

  /**
   * The answer to a delivery came.
   *
   * @param status 0 if none came
   * @param decision the word that the receiver gave for what it did with it
   */
  record Answered(long deployment, int status, String decision, String reason)
      implements StoryEvent {}

  /** GitHub took a deployment status; what it does not say is empty. */
  record Reported(
      long deployment,
      long id,
      String state,
      String description,
      String logUrl,
      String environmentUrl)
      implements StoryEvent {}

  /** GitHub did not take a deployment status. */
  record Rejected(long deployment, int status, String reason) implements StoryEvent {}

  /** Whoever deploys was asked to do something. */
  record Asked(String what, String detail) implements StoryEvent {}

  /** Whoever deploys has answered. */
  record Replied(boolean good, String what, String detail) implements StoryEvent {}

  /** A deploy has come to its next phase. */
  record Moved(String phase) implements StoryEvent {}
}
