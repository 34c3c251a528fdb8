package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import java.io.ByteArrayInputStream;
import java.util.Optional;

/** Has an intake accept a delivery, as the webhook does once the signature is verified. */
public final class Accept {
  private Accept() {}

  /**
   * A delivery that a secret of github.com signed.
   *
   * @param claimed the host that its headers name
   */
  public static Decision delivery(
      Intake intake, Delivery delivery, Optional<String> claimed, byte[] json) {
    return delivery(intake, new EventRouter.Sender("github.com", claimed), delivery, json);
  }

  /** A delivery that this host signed. */
  public static Decision delivery(
      Intake intake, EventRouter.Sender sender, Delivery delivery, byte[] json) {
    return intake.accept(
        delivery,
        intake
            .router()
            .route(
                sender, delivery.event(), new ByteArrayInputStream(json), delivery.receivedAt()));
  }
}
