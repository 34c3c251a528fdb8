package dev.slipway.targets.qovery;

import org.jspecify.annotations.Nullable;

/** What a state of Qovery's means for a deploy. */
enum QoveryStatus {
  /** Nothing was ever deployed, or has not been begun. */
  IDLE,
  QUEUED,
  RUNNING,
  LIVE,
  FAILED,
  CANCELLED,
  /** Somebody's stop or delete came to its end. */
  OTHER_ACTION,
  /** Somebody's stop or delete goes on, or a state that means nothing to us. */
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
   * @param event the event that a job was to run; to stop or to delete is its own doing then
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
   * Reads a state beside its {@code status_details.status}. The state lingers on the end of the
   * deploy before, so an end that the details contradict is none.
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
      case "CANCELED" -> plain == LIVE ? CANCELLED : plain;
      case "NEVER" -> plain == LIVE ? IDLE : plain;
      default -> plain;
    };
  }
}
