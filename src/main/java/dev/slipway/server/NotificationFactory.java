package dev.slipway.server;

import dev.slipway.api.DeploymentLinks;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.http.Http;
import dev.slipway.model.WebhookSubscription;
import dev.slipway.notification.AfterCommandRunner;
import dev.slipway.notification.NotificationLinks;
import dev.slipway.notification.NotificationSender;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.notification.WebhookSender;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Database;
import dev.slipway.store.Notifications;
import dev.slipway.targets.command.AfterCommand;
import dev.slipway.targets.command.ProcessWatcher;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.time.SystemTime;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes what tells others of statuses: outgoing webhooks, and commands after an end. */
@Factory
final class NotificationFactory {
  @Singleton
  Notifications notifications(Database database, Configuration configuration) {
    return new Notifications(
        database,
        Stream.concat(
                configuration.outgoingWebhooks().stream().map(OutgoingWebhook::subscription),
                Arrays.stream(AfterCommand.Occasion.values())
                    .map(occasion -> subscription(occasion, commands(configuration, occasion)))
                    .flatMap(Optional::stream))
            .toList(),
        WebhookSender.CLAIM);
  }

  private static Optional<WebhookSubscription> subscription(
      AfterCommand.Occasion occasion, Map<String, ShellConfig> commands) {
    return commands.isEmpty()
        ? Optional.empty()
        : Optional.of(
            WebhookSubscription.ofRoutes(occasion.code(), occasion.states(), commands.keySet()));
  }

  /** The commands of one occasion, by the names of their routes. */
  private static Map<String, ShellConfig> commands(
      Configuration configuration, AfterCommand.Occasion occasion) {
    Map<String, ShellConfig> commands = new LinkedHashMap<>();
    for (RouteConfig route : configuration.routes()) {
      route.after().stream()
          .filter(after -> after.occasion() == occasion)
          .forEach(after -> commands.put(route.route().name(), after.config()));
    }
    return commands;
  }

  @Singleton
  NotificationSenders notificationSenders(
      Configuration configuration,
      Notifications notifications,
      Http http,
      DeploymentLinks links,
      LogUrls logUrls,
      Redactor redactor,
      SystemTime time) {
    NotificationLinks told =
        new NotificationLinks(deployment -> links.state(deployment.id()), logUrls);
    List<NotificationSender> senders = new ArrayList<>();
    for (OutgoingWebhook webhook : configuration.outgoingWebhooks()) {
      senders.add(new WebhookSender(webhook, told, notifications, http::send, redactor, time));
    }
    ProcessWatcher watcher = new ProcessWatcher();
    for (AfterCommand.Occasion occasion : AfterCommand.Occasion.values()) {
      Map<String, ShellConfig> commands = commands(configuration, occasion);
      if (!commands.isEmpty()) {
        senders.add(
            new AfterCommandRunner(
                occasion.code(), commands, notifications, redactor, time, watcher));
      }
    }
    return new NotificationSenders(senders);
  }
}
