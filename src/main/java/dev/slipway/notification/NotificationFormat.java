package dev.slipway.notification;

import dev.slipway.store.ClaimedNotification;

/** The body of the requests. */
public enum NotificationFormat {
  /** An event as Standard Webhooks has them. */
  STANDARD("standard") {
    @Override
    String body(ClaimedNotification notification, NotificationLinks links) {
      return StandardEvent.json(notification, links);
    }
  },

  /** A message for a Slack incoming webhook. */
  SLACK("slack") {
    @Override
    String body(ClaimedNotification notification, NotificationLinks links) {
      return SlackMessage.json(notification, links);
    }
  };

  private final String code;

  NotificationFormat(String code) {
    this.code = code;
  }

  /** The word of the configuration. */
  public String code() {
    return code;
  }

  /** The body, made of rows: the same for each try, but for links that have changed since. */
  abstract String body(ClaimedNotification notification, NotificationLinks links);
}
