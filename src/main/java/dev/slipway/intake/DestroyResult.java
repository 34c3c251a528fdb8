package dev.slipway.intake;

/** What came of wanting to destroy an environment. */
public sealed interface DestroyResult {
  /** The rest of a sentence that begins with the environment. */
  String words();

  /**
   * A run that destroys it waits or goes on.
   *
   * @param deploymentId our number of the deployment whose run it is
   */
  record Begun(long deploymentId) implements DestroyResult {
    @Override
    public String words() {
      return "is destroyed";
    }
  }

  /** It is being destroyed, or was, since somebody else wanted it. */
  record Already() implements DestroyResult {
    @Override
    public String words() {
      return "is destroyed already";
    }
  }

  /**
   * Nothing can destroy it.
   *
   * @param reason why, for an operator
   */
  record Impossible(String reason) implements DestroyResult {
    @Override
    public String words() {
      return "stays: " + reason;
    }
  }
}
