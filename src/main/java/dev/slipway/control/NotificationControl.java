package dev.slipway.control;

import dev.slipway.model.Actor;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Notifications;
import dev.slipway.store.Page;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks at notifications and has them sent again for whoever may. */
public final class NotificationControl {
  private final Notifications notifications;
  private final Redactor redactor;
  private final InstantSource clock;

  public NotificationControl(Notifications notifications, Redactor redactor, InstantSource clock) {
    this.notifications = notifications;
    this.redactor = redactor;
    this.clock = clock;
  }

  /**
   * Those that are wanted, newest first.
   *
   * @param before only those with a smaller number
   */
  public Page<Notifications.Report> list(
      long before, int limit, Predicate<Notifications.Report> wanted) {
    return notifications.list(before, limit, wanted);
  }

  /** The notification with this number; empty when there is none. */
  public Optional<Notifications.Report> find(long id) {
    return notifications.find(id);
  }

  /** Sends a notification again. That it is to be sent is on disk when this returns. */
  public Notifications.Redelivery redeliver(long id, Actor actor) {
    return notifications.redeliver(
        id, new Actor(redactor.redact(actor.name()).text(), actor.via()), clock.instant());
  }
}
