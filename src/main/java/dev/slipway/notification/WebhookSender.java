package dev.slipway.notification;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.DurationFormat;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.store.ClaimedNotification;
import dev.slipway.store.Notifications;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the notifications of one outgoing webhook, in order for each deployment. Safe for use by
 * several threads, which then send for different deployments. Its address is in no message. What
 * cannot be stored as sent is sent again.
 */
public final class WebhookSender implements NotificationSender {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  /** For how long nobody else gets a notification; a call takes half a minute at most. */
  public static final Duration CLAIM = Duration.ofSeconds(75);

  /** A process that slept sends nothing that another may be sending by now. */
  private static final Duration CLAIM_HOLDS = Duration.ofSeconds(30);

  private static final int TOO_MANY = 429;

  private final OutgoingWebhook webhook;
  private final @Nullable WebhookSigner signer;
  private final NotificationLinks links;
  private final Notifications notifications;
  private final Transport transport;
  private final Redactor redactor;
  private final InstantSource clock;
  private volatile Instant pausedUntil = Instant.MIN;
  private volatile boolean stopped;

  /** Sends a request. */
  public interface Transport {
    /**
     * Sends it and waits for the answer.
     *
     * @param maySend asked right before the request is written
     */
    Reply send(Call call, BooleanSupplier maySend) throws InterruptedException;
  }

  /**
   * @param redactor hides the webhook's address and secret, among others
   */
  public WebhookSender(
      OutgoingWebhook webhook,
      NotificationLinks links,
      Notifications notifications,
      Transport transport,
      Redactor redactor,
      InstantSource clock) {
    this.webhook = webhook;
    this.signer = webhook.secret() == null ? null : new WebhookSigner(webhook.secret());
    this.links = webhook.hasLogUrl() ? links : links.withoutLog();
    this.notifications = notifications;
    this.transport = transport;
    this.redactor = redactor;
    this.clock = clock;
  }

  @Override
  public String name() {
    return webhook.name();
  }

  @Override
  public boolean sendNext() throws InterruptedException {
    Instant now = clock.instant();
    if (stopped || now.isBefore(pausedUntil)) {
      return false;
    }
    Optional<ClaimedNotification> next = notifications.claim(name(), now);
    if (next.isPresent()) {
      send(next.get(), now);
    }
    return next.isPresent();
  }

  private void send(ClaimedNotification claimed, Instant claimedAt) throws InterruptedException {
    Instant latest = claimedAt.plus(CLAIM_HOLDS);
    Reply reply;
    try {
      reply = transport.send(call(claimed), () -> clock.instant().isBefore(latest));
    } catch (InterruptedException e) {
      notifications.release(claimed, null, clock.instant());
      throw e;
    }
    Instant now = clock.instant();
    switch (SendResult.of(reply, now)) {
      case SendResult.Delivered _ -> notifications.confirmDelivered(claimed, now);
      case SendResult.Failed failed -> recordFailed(claimed, reply, failed, now);
      case SendResult.Gone(String problem) -> recordGone(claimed, shown(problem), now);
    }
  }

  private Call call(ClaimedNotification claimed) {
    String body = webhook.format().body(claimed, links);
    Call call = Call.postJson(webhook.uri(), body);
    WebhookSigner signs = signer;
    if (signs == null) {
      return call;
    }
    Instant now = clock.instant();
    return call.with(
        WebhookSigner.headers(
            claimed.eventId(), now, signs.signature(claimed.eventId(), now, body)));
  }

  private void recordFailed(
      ClaimedNotification claimed, Reply reply, SendResult.Failed failed, Instant now) {
    String problem = shown(failed.problem());
    if (reply instanceof Reply.Answered answer && answer.status() == TOO_MANY) {
      // Said of the receiver as a whole: what else waits would be refused too
      pausedUntil = now.plus(failed.retryAfter());
    }
    Optional<Duration> scheduled = RetrySchedule.waitAfter(claimed.failures() + 1);
    if (scheduled.isEmpty()) {
      notifications.giveUp(claimed, problem, now);
      LOG.error(
          "Notification {} to webhook \"{}\" is given up after {} tries: {}",
          claimed.id(),
          name(),
          claimed.failures() + 1,
          problem);
      return;
    }
    Duration wait =
        scheduled.get().compareTo(failed.retryAfter()) > 0 ? scheduled.get() : failed.retryAfter();
    notifications.postpone(claimed, now.plus(wait), problem, now);
    LOG.warn(
        "Notification {} to webhook \"{}\" waits {}: {}",
        claimed.id(),
        name(),
        DurationFormat.format(wait),
        problem);
  }

  private void recordGone(ClaimedNotification claimed, String problem, Instant now) {
    stopped = true;
    notifications.release(claimed, problem + "; nothing is sent there until the next start", now);
    LOG.error(
        "Webhook \"{}\" gets nothing more until the next start, and what is for it waits: {}",
        name(),
        problem);
  }

  /** Without secrets, for an answer may quote the request. */
  private String shown(String problem) {
    return ProblemText.shown(problem, redactor);
  }

  @Override
  public String toString() {
    return "WebhookSender[" + name() + "]";
  }
}
