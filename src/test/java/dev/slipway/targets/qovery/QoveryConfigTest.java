package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QoveryConfigTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"3c90c3cc-0d44-4b50-8888-8dd25736052a", "3C90C3CC-0D44-4B50-8888-8DD25736052A"})
  void a_uuid_is_an_id(String id) {
    assertThat(QoveryConfig.problemWithId(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "my-app",
        "3c90c3cc0d444b5088888dd25736052a",
        "3c90c3cc-0d44-4b50-8888-8dd25736052a ",
        "../3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "3c90c3cc-0d44-4b50-8888-8dd25736052g"
      })
  void anything_else_is_none(String id) {
    assertThat(QoveryConfig.problemWithId(id))
        .hasValueSatisfying(
            problem ->
                assertThat(problem).startsWith(SafeExcerpt.of(id) + " is no Qovery id; set"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Token", "token", "Bearer", "BEARER"})
  void both_schemes_are_known_in_any_case(String scheme) {
    assertThat(QoveryAccount.problemWithScheme(scheme)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic", "Basics"})
  void another_scheme_is_a_problem(String scheme) {
    assertThat(QoveryAccount.problemWithScheme(scheme))
        .hasValueSatisfying(
            problem -> assertThat(problem).startsWith("\"" + scheme + "\"").contains("set Token"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"START", "STOP", "DELETE", "CRON"})
  void the_four_events_are_known(String event) {
    assertThat(QoveryConfig.problemWithForceEvent(event)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "start", "DIFF", "START "})
  void another_event_is_a_problem(String event) {
    assertThat(QoveryConfig.problemWithForceEvent(event))
        .contains(
            "QOVERY_JOB_FORCE_EVENT is \""
                + event
                + "\"; set START, STOP, DELETE or CRON, or leave it out");
  }

  @ParameterizedTest
  @CsvSource({"token, Token", "BEARER, Bearer", "Token, Token"})
  void a_scheme_is_sent_in_qoverys_own_case(String scheme, String sent) {
    var account =
        new QoveryAccount(URI.create("https://api.qovery.com"), new Secret("s3cret"), scheme);

    assertThat(account.scheme()).isEqualTo(sent);
  }

  @Test
  void an_account_does_not_print_its_token() {
    var account =
        new QoveryAccount(URI.create("https://api.qovery.com"), new Secret("s3cret"), "Token");

    assertThat(account.toString()).doesNotContain("s3cret");
  }
}
