package dev.slipway.targets.qovery;

import org.jspecify.annotations.Nullable;

/** The meaning of one of Qovery's states for a deploy. */
enum QoveryStatus {
  /** Nothing has been deployed yet, or the deploy has not begun. */
  IDLE,
  QUEUED,
  RUNNING,
  /** A deploy has ended well; whether it is of the wanted version is decided elsewhere. */
  LIVE,
  FAILED,
  CANCELLED,
  /** Another action on the service, a stop or a delete, has ended. */
  OTHER_ACTION,
  /** Another action on the service goes on, or the state is not known here. */
  UNKNOWN;

  boolean isOver() {
    return switch (this) {
      case LIVE, FAILED, CANCELLED, OTHER_ACTION -> true;
      case IDLE, QUEUED, RUNNING, UNKNOWN -> false;
    };
  }

  /**
   * Reads a value of {@code StateEnum}.
   *
   * @param event the forced event of our job; with {@code STOP} or {@code DELETE}, a stop or delete
   *     is our own deploy
   */
  static QoveryStatus ofState(String state, @Nullable String event) {
    if (event != null && (event.equals("STOP") || event.equals("DELETE"))) {
      QoveryStatus own = ofOwn(state, event);
      if (own != UNKNOWN) {
        return own;
      }
    }
    return switch (state) {
      case "READY" -> IDLE;
      case "QUEUED",
          "DEPLOYMENT_QUEUED",
          "WAITING_RUNNING",
          "RESTART_QUEUED",
          "WAITING_RESTARTING" ->
          QUEUED;
      case "BUILDING", "DEPLOYING", "EXECUTING", "RECAP", "RESTARTING", "CANCELING" -> RUNNING;
      case "DEPLOYED", "RESTARTED" -> LIVE;
      case "BUILD_ERROR", "DEPLOYMENT_ERROR", "RESTART_ERROR" -> FAILED;
      case "CANCELED" -> CANCELLED;
      case "STOPPED", "STOP_ERROR", "DELETED", "DELETE_ERROR" -> OTHER_ACTION;
      default -> UNKNOWN;
    };
  }

  private static QoveryStatus ofOwn(String state, String event) {
    boolean isStop = event.equals("STOP");
    if (state.equals(isStop ? "STOPPED" : "DELETED")) {
      return LIVE;
    }
    if (state.equals(event + "_ERROR")) {
      return FAILED;
    }
    String going = isStop ? "STOPPING" : "DELETING";
    if (state.equals(going)) {
      return RUNNING;
    }
    return state.equals(event + "_QUEUED") || state.equals("WAITING_" + going) ? QUEUED : UNKNOWN;
  }

  /**
   * Reads a state together with its {@code status_details.status}. The state keeps the end of the
   * previous deploy for a while, so an end that the details contradict does not count.
   */
  static QoveryStatus of(String state, String details, @Nullable String event) {
    QoveryStatus plain = ofState(state, event);
    if (!plain.isOver()) {
      return plain;
    }
    return switch (details) {
      case "QUEUED" -> QUEUED;
      case "ONGOING", "EXECUTING", "CANCELING" -> RUNNING;
      case "ERROR" -> plain == LIVE ? FAILED : plain;
      case "CANCELED" -> plain == LIVE || plain == FAILED ? CANCELLED : plain;
      case "NEVER" -> plain == LIVE ? IDLE : plain;
      default -> plain;
    };
  }
}
