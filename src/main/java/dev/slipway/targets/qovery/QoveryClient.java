package dev.slipway.targets.qovery;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderClient;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Qovery's API for one account: sends, and says in words what went wrong. */
final class QoveryClient {
  private final QoveryAccount account;
  private final ProviderClient client;
  private final ProviderMessages messages;
  private final InstantSource clock;
  private final boolean isReusingConnections;

  QoveryClient(QoveryAccount account, ProviderCalls calls, InstantSource clock) {
    this(
        account,
        new ProviderClient(calls, account.apiUrl(), account.scheme(), account.token()),
        new ProviderMessages("Qovery", List.of(account.token().reveal())),
        clock,
        false);
  }

  private QoveryClient(
      QoveryAccount account,
      ProviderClient client,
      ProviderMessages messages,
      InstantSource clock,
      boolean isReusingConnections) {
    this.account = account;
    this.client = client;
    this.messages = messages;
    this.clock = clock;
    this.isReusingConnections = isReusingConnections;
  }

  /** The same for one who reads again and again, and does nothing but read again after a loss. */
  QoveryClient polling() {
    return new QoveryClient(account, client, messages, clock, true);
  }

  /** One segment of a path, or one value of a query. */
  static String escaped(String text) {
    return ProviderClient.encoded(text);
  }

  Instant now() {
    return clock.instant();
  }

  ProviderMessages messages() {
    return messages;
  }

  /** The request that starts a deploy. */
  Call start(String path, String json) {
    return client.post(path, json);
  }

  /** Asks for a deploy to be cancelled. */
  Reply cancel(String path) throws InterruptedException {
    return client.cancel(client.post(path, "{}"));
  }

  /** Reads what has to be there. */
  DatedAnswer read(QoveryService service, String path)
      throws QoveryUnavailableException, InterruptedException {
    return seek(path)
        .orElseThrow(
            () ->
                new QoveryUnavailableException(
                    "Qovery knows no such %s; check %s and QOVERY_API_TOKEN"
                        .formatted(service.kind().word(), service.kind().setting()),
                    QoveryWaits.HOPELESS));
  }

  /** Reads what may be absent: empty when Qovery says that it has nothing there. */
  Optional<DatedAnswer> seek(String path) throws QoveryUnavailableException, InterruptedException {
    return switch (isReusingConnections ? client.poll(path) : client.read(path)) {
      case Reply.NotSent(String reason, _) -> throw troubled(reason);
      case Reply.Unanswered(String reason) -> throw troubled(reason);
      case Reply.Answered answered -> understood(answered);
    };
  }

  private Optional<DatedAnswer> understood(Reply.Answered answered)
      throws QoveryUnavailableException {
    int status = answered.status();
    if (answered.isSuccess()) {
      DatedAnswer page = DatedAnswer.of(answered, now());
      if (!page.json().isObject()) {
        throw troubled("Qovery answered " + status + " with something that is not its JSON");
      }
      return Optional.of(page);
    }
    if (status == 401 || status == 403) {
      throw new QoveryUnavailableException(
          words(answered) + "; " + aboutToken(status), QoveryWaits.HOPELESS);
    }
    if (answered.mayPass()) {
      Duration again = ProviderWaits.asked(answered, now()).orElseGet(QoveryWaits::trouble);
      throw new QoveryUnavailableException(words(answered), again);
    }
    if (status < 400) {
      throw troubled(words(answered) + ", a redirect; check QOVERY_API_URL");
    }
    return Optional.empty();
  }

  private static QoveryUnavailableException troubled(String reason) {
    return new QoveryUnavailableException(reason, QoveryWaits.trouble());
  }

  /** The code of an answer, and what Qovery said with it. */
  String words(Reply.Answered answered) {
    return messages.of(answered);
  }

  /** What to check after a 401 or 403. */
  String aboutToken(int status) {
    return status == 401
        ? "the token was sent with scheme %s: check QOVERY_API_TOKEN".formatted(account.scheme())
            + " and its scheme (Token for an API token, Bearer for a JWT)"
        : "check that the role of QOVERY_API_TOKEN may do this";
  }

  /** What Qovery sent as one line of a bearable length, fit to be kept and shown. */
  static String line(String text) {
    return ProviderMessages.line(text);
  }
}
