package dev.slipway.model;

/**
 * How the deployments that a route takes share their queue.
 *
 * @param cancelRunning a newer one also stops an older one of its environment and task that runs
 * @param skipOlderCommits one whose commit is an ancestor of what is live does not run, unless it
 *     is a rollback
 */
public record QueuePolicy(Mode mode, boolean cancelRunning, boolean skipOlderCommits) {
  /** A newer one replaces those that wait. */
  public static final QueuePolicy LATEST = new QueuePolicy(Mode.LATEST, false, false);

  /** The effect of a new deployment on those that wait in its queue. */
  public enum Mode {
    /** It replaces older ones of its environment and task that still wait. */
    LATEST("latest"),
    /** It waits behind them; every one runs, in order. */
    ALL("all"),
    /** It is turned away while another waits or runs. */
    REJECT("reject");

    private final String code;

    Mode(String code) {
      this.code = code;
    }

    /** The word in the settings. */
    public String code() {
      return code;
    }
  }
}
