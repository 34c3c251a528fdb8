package dev.slipway.control;

import dev.slipway.store.StoredDeployment;
import java.util.List;
import java.util.OptionalLong;

/**
 * What became of environments that were looked at, the newest first.
 *
 * @param next what {@code before} has to be to go on; empty at the end
 */
public record PruneResult(List<Row> rows, OptionalLong next) {
  public PruneResult {
    rows = List.copyOf(rows);
  }

  /** What becomes of an environment, each with its word in answers. */
  public enum Outcome {
    /** A run that destroys it waits or goes on now. */
    DESTROYING("destroying"),
    /** It would be destroyed, if that was wanted. */
    WOULD_DESTROY("would_destroy"),
    /** Somebody else has it destroyed. */
    ALREADY("already"),
    /** It stands as before. */
    STAYS("stays");

    private final String code;

    Outcome(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /**
   * What became of one environment.
   *
   * @param newest the deployment to it that joined last
   * @param reason why, for an operator
   */
  public record Row(StoredDeployment newest, Outcome outcome, String reason) {}
}
