package dev.slipway.targets.http;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.util.List;

/**
 * Checks that the host of a receiver is reached. The receiver's own address is not called: one that
 * takes more methods than it should might deploy.
 */
final class ReceiverCheck {
  private final String subject;
  private final HttpConfig config;
  private final ProviderMessages messages;

  ReceiverCheck(String subject, HttpConfig config, ProviderMessages messages) {
    this.messages = messages;
    this.subject = subject;
    this.config = config;
  }

  Check check(ProviderCalls calls) {
    return new Check(subject, () -> List.of(result(calls)));
  }

  private CheckResult result(ProviderCalls calls) throws InterruptedException {
    String path = config.url().getRawPath();
    return path == null || path.isEmpty() || path.equals("/")
        ? new CheckResult.Skipped(
            subject, "the receiver %s is not called to find out".formatted(config.url()))
        : result(calls.read(Call.get(root())));
  }

  private URI root() {
    return URI.create(config.url().getScheme() + "://" + config.url().getRawAuthority() + "/");
  }

  /** What an answer of the host, which may be any, tells of the receiver. */
  CheckResult result(Reply reply) {
    return reply instanceof Reply.Answered
        ? new CheckResult.Ok(
            subject,
            "%s is reached; the receiver itself is not called to find out".formatted(root()))
        : new CheckResult.Failure(
            subject,
            messages.of(reply),
            "look at DEPLOY_HTTP_URL, whether the receiver runs, its certificate and the network");
  }
}
