package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.http.JsonCodec;
import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Qovery's description of a service tells. */
class QoveryServiceCheckTest {
  private static final String ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  private static final QoveryAccount ACCOUNT =
      new QoveryAccount(URI.create("https://api.qovery.com"), new Secret("qov_hush"), "Token");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  private static List<CheckResult> results(QoveryConfig config, String json) {
    return new QoveryServiceCheck("qovery", config)
        .results(Optional.of(new QoveryService(JsonCodec.read(json))));
  }

  @Test
  void a_service_that_waits_to_be_told_is_well_and_auto_deploy_is_warned_of() {
    QoveryConfig application = QoveryConfig.application(ACCOUNT, ID, LIMITS);

    assertThat(results(application, "{\"id\":\"" + ID + "\",\"auto_deploy\":false}"))
        .containsExactly(
            new CheckResult.Ok("qovery", "Qovery shows its application"),
            new CheckResult.Ok("qovery, auto-deploy", "is off"));
    assertThat(results(application, "{\"auto_deploy\":true}").getLast())
        .isInstanceOf(CheckResult.Warning.class);
  }

  @Test
  void a_job_without_the_event_that_is_asked_for_is_a_failure() {
    QoveryConfig job = QoveryConfig.job(ACCOUNT, ID, "START", null, LIMITS);

    assertThat(results(job, "{\"schedule\":{\"on_stop\":{}}}").getFirst())
        .isInstanceOf(CheckResult.Failure.class)
        .extracting(CheckResult::detail)
        .asString()
        .startsWith("QOVERY_JOB_FORCE_EVENT is START, but the Qovery job only has STOP");
  }

  @Test
  void a_service_that_is_unknown_is_a_failure_that_names_its_setting() {
    assertThat(
            new QoveryServiceCheck("qovery", QoveryConfig.application(ACCOUNT, ID, LIMITS))
                .results(Optional.empty()))
        .containsExactly(
            new CheckResult.Failure(
                "qovery",
                "Qovery knows no such application",
                "look at QOVERY_APPLICATION_ID, and that QOVERY_API_TOKEN sees it"));
  }
}
