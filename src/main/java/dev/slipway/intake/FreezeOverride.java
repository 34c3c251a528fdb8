package dev.slipway.intake;

import dev.slipway.model.CleanText;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the payload of a deployment says about freeze windows: {@code "override_freeze": why}. */
public final class FreezeOverride {
  /** Says why the deployment starts within freeze windows all the same. */
  public static final String FIELD = "override_freeze";

  private static final int LONGEST = 500;

  private FreezeOverride() {}

  /**
   * Why it wants to start all the same, cut; empty when it does not.
   *
   * @param redact takes secrets out, before half of one could be left
   */
  static Optional<String> reason(String payload, UnaryOperator<String> redact) {
    // Parsed only where it can be there
    return Optional.of(payload)
        .filter(text -> text.contains(FIELD))
        .map(text -> DeploymentPayload.of(text).field(FIELD).asString(""))
        .filter(reason -> !reason.isBlank())
        .map(redact)
        .map(reason -> CleanText.cut(reason, LONGEST));
  }
}
