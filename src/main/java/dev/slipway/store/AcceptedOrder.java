package dev.slipway.store;

import dev.slipway.model.Decision;
import dev.slipway.model.DeliverySource;
import java.sql.SQLException;
import java.util.Optional;

/**
 * An order of the API that was taken.
 *
 * @param digest of its body
 */
public record AcceptedOrder(String digest, Decision.OfDeployment decision) {
  static AcceptedOrder of(Sql.Columns row) throws SQLException {
    long id = row.number("deployment_id");
    String reason = row.text("reason");
    return new AcceptedOrder(
        row.text("digest"),
        switch (row.text("decision")) {
          case "accepted" -> new Decision.Accepted(id, reason);
          case "retried" -> new Decision.Retried(id, reason);
          case "locked" -> new Decision.Locked(id, reason);
          case "gated" -> new Decision.Gated(id, reason);
          default -> new Decision.Duplicate(id, reason);
        });
  }

  static Optional<AcceptedOrder> find(Sql sql, String guid) throws SQLException {
    return sql.first(
        AcceptedOrder::of,
        """
        select digest, decision, reason, deployment_id from delivery
          where guid = ? and source = ? and deployment_id is not null order by id
        """,
        guid,
        DeliverySource.API.code());
  }

  /** The decision that was made, if the body is the same. */
  public Decision again(String digestNow) {
    return digestNow.equals(digest)
        ? decision
        : new Decision.Invalid(
            "the Idempotency-Key was used for another body: send a new key with a new order");
  }
}
