package dev.slipway.server;

import dev.slipway.api.DeploymentLinks;
import dev.slipway.configuration.Configuration;
import dev.slipway.http.Http;
import dev.slipway.notification.NotificationLinks;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.notification.WebhookSender;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Database;
import dev.slipway.store.Notifications;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes what tells outgoing webhooks of statuses. */
@Factory
final class NotificationFactory {
  @Singleton
  Notifications notifications(Database database, Configuration configuration) {
    return new Notifications(
        database,
        configuration.outgoingWebhooks().stream().map(OutgoingWebhook::subscription).toList(),
        WebhookSender.CLAIM);
  }

  @Singleton
  WebhookSenders webhookSenders(
      Configuration configuration,
      Notifications notifications,
      Http http,
      DeploymentLinks links,
      LogUrls logUrls,
      Redactor redactor,
      InstantSource clock) {
    NotificationLinks told =
        new NotificationLinks(deployment -> links.state(deployment.id()), logUrls);
    return new WebhookSenders(
        configuration.outgoingWebhooks().stream()
            .map(
                webhook ->
                    new WebhookSender(webhook, told, notifications, http::send, redactor, clock))
            .toList());
  }
}
