package dev.slipway.server;

import dev.slipway.notification.WebhookSender;
import java.util.List;

/** The senders of all outgoing webhooks. */
record WebhookSenders(List<WebhookSender> all) {}
