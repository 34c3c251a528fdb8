package dev.slipway.targets.qovery;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Qovery's API for one account: sends, and says in words what went wrong. */
final class QoveryClient {
  private static final int LONGEST_MESSAGE = 300;

  private final QoveryAccount account;
  private final Http http;
  private final InstantSource clock;
  private final boolean isReusingConnections;

  QoveryClient(QoveryAccount account, Http http, InstantSource clock) {
    this(account, http, clock, false);
  }

  private QoveryClient(
      QoveryAccount account, Http http, InstantSource clock, boolean isReusingConnections) {
    this.account = account;
    this.http = http;
    this.clock = clock;
    this.isReusingConnections = isReusingConnections;
  }

  /** The same for one who reads again and again, and does nothing but read again after a loss. */
  QoveryClient polling() {
    return new QoveryClient(account, http, clock, true);
  }

  /** One segment of a path, or one value of a query. */
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Instant now() {
    return clock.instant();
  }

  Call postTo(String path, String json) {
    return Call.postJson(uri(path), json);
  }

  Reply send(Call call) throws InterruptedException {
    Call authorized =
        call.with("Authorization", account.authorization()).with("Accept", "application/json");
    return isReusingConnections ? http.poll(authorized) : http.send(authorized);
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
    return switch (send(Call.get(uri(path)))) {
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
      Duration again = QoveryWaits.asked(answered, now(), QoveryWaits.trouble());
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
    JsonNode json = answered.json();
    String message =
        Stream.of("message", "detail", "error", "title")
            .flatMap(field -> json.path(field).stringValueOpt().stream())
            .filter(text -> !text.isBlank())
            .findFirst()
            .map(text -> ": " + clean(text))
            .orElse("");
    return "Qovery answered " + answered.status() + message;
  }

  /** What to check after a 401 or 403. */
  String aboutToken(int status) {
    return status == 401
        ? "the token was sent with scheme %s: check QOVERY_API_TOKEN".formatted(account.scheme())
            + " and its scheme (Token for an API token, Bearer for a JWT)"
        : "check that the role of QOVERY_API_TOKEN may do this";
  }

  private String clean(String text) {
    return line(text.replace(account.token().reveal(), "***"));
  }

  /** What Qovery sent as one line of a bearable length, fit to be kept and shown. */
  static String line(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST_MESSAGE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_MESSAGE)) + "…";
  }

  private URI uri(String path) {
    return URI.create(account.apiUrl().toString().replaceAll("/+$", "") + path);
  }
}
