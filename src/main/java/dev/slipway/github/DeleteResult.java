package dev.slipway.github;

/** What came of asking GitHub to delete a deployment. */
public sealed interface DeleteResult {
  /** It is not there any more, or was not before. */
  record Gone() implements DeleteResult {}

  /**
   * GitHub did not delete it now, and may later.
   *
   * @param reason why, with what GitHub said
   */
  record NotNow(String reason) implements DeleteResult {}
}
