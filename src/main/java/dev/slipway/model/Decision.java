package dev.slipway.model;

/** The decision on a delivery, and the reason. Stored, answered to GitHub and shown. */
public sealed interface Decision {
  /** One sentence for people; holds no secrets. */
  String reason();

  /** Which of them it is. */
  default Kind kind() {
    return switch (this) {
      case Accepted _ -> Kind.ACCEPTED;
      case Duplicate _ -> Kind.DUPLICATE;
      case Retried _ -> Kind.RETRIED;
      case NoRoute _ -> Kind.NO_ROUTE;
      case Foreign _ -> Kind.FOREIGN;
      case Stale _ -> Kind.STALE;
      case Locked _ -> Kind.LOCKED;
      case Gated _ -> Kind.GATED;
      case Destroying _ -> Kind.DESTROYING;
      case Ping _ -> Kind.PING;
      case IgnoredEvent _ -> Kind.IGNORED_EVENT;
      case Invalid _ -> Kind.INVALID;
    };
  }

  /** The kinds of decisions, each with its word in the database, in answers and in metrics. */
  enum Kind {
    ACCEPTED("accepted"),
    DUPLICATE("duplicate"),
    RETRIED("retried"),
    NO_ROUTE("no_route"),
    FOREIGN("foreign"),
    STALE("stale"),
    LOCKED("locked"),
    GATED("gated"),
    DESTROYING("destroying"),
    PING("ping"),
    IGNORED_EVENT("ignored_event"),
    INVALID("invalid");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** A decision about a deployment that is known here. */
  sealed interface OfDeployment extends Decision {
    /** Our number of the deployment. */
    long deploymentId();
  }

  /** A deployment that is new to us was stored and will run. */
  record Accepted(long deploymentId, String reason) implements OfDeployment {}

  /** The deployment is known and no new run was requested: nothing was started. */
  record Duplicate(long deploymentId, String reason) implements OfDeployment {}

  /** The deployment did not succeed, and the same delivery came again: it runs again. */
  record Retried(long deploymentId, String reason) implements OfDeployment {}

  /** No route takes the deployment. */
  record NoRoute(String reason) implements Decision {}

  /** Foreign automation made the deployment, and the route does not take those. */
  record Foreign(String reason) implements Decision {}

  /** A newer deployment of the environment was accepted, or this one is too old to be started. */
  record Stale(String reason) implements Decision {}

  /** The route turns deployments away while another waits or runs, or while it is held. */
  record Locked(long deploymentId, String reason) implements OfDeployment {}

  /** The deployment does not satisfy a gate of its route. */
  record Gated(long deploymentId, String reason) implements OfDeployment {}

  /** A pull request was closed: runs were added that destroy its transient environments. */
  record Destroying(String reason) implements Decision {}

  /** GitHub's ping; the reason says what is wrong with the hook. */
  record Ping(String reason) implements Decision {}

  /** An event that we do not act on. */
  record IgnoredEvent(String reason) implements Decision {}

  /** The body could not be understood. */
  record Invalid(String reason) implements Decision {}
}
