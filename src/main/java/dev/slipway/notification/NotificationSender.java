package dev.slipway.notification;

/** Does what the notifications of one subscription ask for, in order for each deployment. */
public interface NotificationSender {
  /** The name of the subscription. */
  String name();

  /**
   * Sees to the next notification that is due, and stores what came of it.
   *
   * @return whether there was one
   * @throws dev.slipway.store.StoreException when the result cannot be stored
   */
  boolean sendNext() throws InterruptedException;
}
