package dev.slipway.demo;

/** Something that one of the small servers saw or did. */
public sealed interface Happening {
  /** GitHub has a new deployment. */
  record Created(long deployment, String environment, String sha) implements Happening {}

  /** GitHub delivers the event of a deployment, for the first time or again. */
  record Sent(long deployment, boolean again) implements Happening {}

  /**
   * The answer to a delivery came.
   *
   * @param status 0 if none came
   * @param decision the word that the receiver gave for what it did with it
   */
  record Answered(long deployment, int status, String decision, String reason)
      implements Happening {}

  /** GitHub took a deployment status; what it does not say is empty. */
  record Reported(
      long deployment,
      long id,
      String state,
      String description,
      String logUrl,
      String environmentUrl)
      implements Happening {}

  /** GitHub did not take a deployment status. */
  record Rejected(long deployment, int status, String reason) implements Happening {}

  /** Whoever deploys was asked to do something. */
  record Asked(String what, String detail) implements Happening {}

  /** Whoever deploys has answered. */
  record Replied(boolean good, String what, String detail) implements Happening {}

  /** A deploy has come to its next phase. */
  record Moved(String phase) implements Happening {}
}
