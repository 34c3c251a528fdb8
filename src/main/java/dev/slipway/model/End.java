package dev.slipway.model;

import java.net.URI;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How a deployment ended. A deployment has exactly one. */
public sealed interface End {
  /** One sentence for the final status; may be longer than GitHub shows. */
  String reason();

  /** The address of the result, if it is live and the provider gave one. */
  default @Nullable URI environmentUrl() {
    return null;
  }

  /** Which of them it is. */
  default Kind kind() {
    return switch (this) {
      case Succeeded _ -> Kind.SUCCEEDED;
      case Failed _ -> Kind.FAILED;
      case Errored _ -> Kind.ERRORED;
      case Cancelled _ -> Kind.CANCELLED;
      case Superseded _ -> Kind.SUPERSEDED;
      case Destroyed _ -> Kind.DESTROYED;
    };
  }

  /** An end of this kind; only one that succeeded keeps the URL. */
  static End of(Kind kind, String reason, @Nullable URI environmentUrl) {
    return switch (kind) {
      case SUCCEEDED -> new Succeeded(environmentUrl, reason);
      case FAILED -> new Failed(reason);
      case ERRORED -> new Errored(reason);
      case CANCELLED -> new Cancelled(reason);
      case SUPERSEDED -> new Superseded(reason);
      case DESTROYED -> new Destroyed(reason);
    };
  }

  /** The kinds of ends, each with the word that the database, the API and metrics have for it. */
  enum Kind {
    SUCCEEDED("succeeded"),
    FAILED("failed"),
    ERRORED("errored"),
    CANCELLED("cancelled"),
    SUPERSEDED("superseded"),
    DESTROYED("destroyed");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }

    /**
     * The kind with this code.
     *
     * @throws IllegalArgumentException when there is none; another version may know it
     */
    public static Kind of(String code) {
      return Arrays.stream(values())
          .filter(kind -> kind.code.equals(code))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("unknown end: " + code));
    }
  }

  /**
   * The provider says that the deploy is live.
   *
   * @param environmentUrl the address of the result, if the provider gave one
   */
  record Succeeded(@Nullable URI environmentUrl, String reason) implements End {}

  /** Your deploy ran and failed. */
  record Failed(String reason) implements End {}

  /** Our machinery could not run or follow the deploy, or its outcome is unknown. */
  record Errored(String reason) implements End {}

  /** The deploy was cancelled. */
  record Cancelled(String reason) implements End {}

  /** A newer deployment took this one's place before it started, or while it ran. */
  record Superseded(String reason) implements End {}

  /** The environment does not stand any more: the run was there to destroy it. */
  record Destroyed(String reason) implements End {}
}
