package dev.slipway.model;

/** How a delivery came to us. */
public enum DeliverySource {
  /** GitHub sent it to our webhook. */
  WEBHOOK("webhook"),

  /** A caller of our own API requested the deployment. */
  API("api"),

  /** We found the deployment in GitHub's list. */
  RECONCILE("reconcile"),

  /** We found the delivery among those that GitHub's webhook failed to make. */
  FAILED_DELIVERY("failed_delivery");

  private final String code;

  DeliverySource(String code) {
    this.code = code;
  }

  /** The word in the database, in metrics and in answers. */
  public String code() {
    return code;
  }
}
