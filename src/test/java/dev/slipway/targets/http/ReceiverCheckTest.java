package dev.slipway.targets.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.check.CheckRunner;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A receiver's host is reached, the receiver itself is not called. */
class ReceiverCheckTest {
  private static ReceiverCheck check(String url) {
    Duration no = Duration.ZERO;
    return new ReceiverCheck(
        "http",
        new HttpConfig(
            URI.create(url), new Secret("whsec_hush"), new AttemptLimits(no, no, no, no)),
        new ProviderMessages(
            "The receiver's host", List.of("whsec_hush"), new Redactor(List.of())));
  }

  @Test
  void any_answer_of_the_host_will_do() {
    assertThat(
            check("https://deploy.example.com:8443/slipway")
                .result(new Reply.Answered(404, Map.of(), "")))
        .isEqualTo(
            new CheckResult.Ok(
                "http",
                "https://deploy.example.com:8443/ is reached; the receiver itself is not called to"
                    + " find out"));
    assertThat(
            check("https://deploy.example.com/slipway")
                .result(new Reply.NotSent("no TLS with deploy.example.com", false)))
        .isInstanceOf(CheckResult.Failure.class)
        .extracting(CheckResult::detail)
        .isEqualTo("The receiver's host was not reached: no TLS with deploy.example.com");
  }

  @Test
  void a_receiver_at_the_root_of_its_host_is_left_alone() throws Exception {
    try (Http http = new Http(Duration.ofSeconds(5), "Slipway/test")) {
      assertThat(
              new CheckRunner(Duration.ofSeconds(20))
                  .run(
                      List.of(
                          check("http://127.0.0.1:1")
                              .check(new ProviderCalls(http, new Redactor(List.of()))))))
          .singleElement()
          .isInstanceOf(CheckResult.Skipped.class);
    }
  }
}
