package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import java.io.ByteArrayInputStream;
import java.util.Optional;

/** Has an intake accept a delivery, as the webhook does once the signature is verified. */
public final class Accept {
  private Accept() {}

  public static Decision delivery(
      Intake intake, Delivery delivery, Optional<String> host, byte[] json) {
    return intake.accept(
        delivery,
        intake
            .router()
            .route(delivery.event(), host, new ByteArrayInputStream(json), delivery.receivedAt()));
  }
}
