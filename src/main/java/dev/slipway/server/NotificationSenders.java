package dev.slipway.server;

import dev.slipway.notification.NotificationSender;
import java.util.List;

/** The senders of all outgoing webhooks, and the runners of commands after an end. */
record NotificationSenders(List<NotificationSender> all) {}
