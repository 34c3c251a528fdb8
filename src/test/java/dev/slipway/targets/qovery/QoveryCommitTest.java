package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.targets.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Live is a success only with the wanted commit. */
class QoveryCommitTest extends QoveryFixture {
  private static final String UNKNOWN =
      "Deployed by Qovery: it does not name the live version, so the versions were not compared";

  private static End end(Target target, Attempt attempt) throws InterruptedException {
    PollResult sighting = target.poll(attempt, REQUEST, new QoveryLog());
    assertThat(sighting).isInstanceOf(PollResult.Over.class);
    return ((PollResult.Over) sighting).end();
  }

  private static void deployed(String kind, String service) {
    String path = "/" + kind + "/" + SERVICE;
    on(path, 200, service);
    on(path + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
  }

  private static void history(String kind, String... entries) {
    on("/" + kind + "/" + SERVICE + "/deploymentHistoryV2", 200, results(entries));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application", "job"})
  void another_commit_is_a_failure_that_names_both(String kind) throws Exception {
    deployed(kind, kind.equals("job") ? gitJob("{}", OTHER_SHA) : deployedApplication(OTHER_SHA));

    assertThat(end(target(kind), ATTEMPT))
        .isEqualTo(
            new End.Failed(
                "Qovery deployed commit 0a1b2c3 instead of commit f95f852; it may have merged the"
                    + " request with another"));
    assertThat(asked())
        .contains("GET /" + kind + "/" + SERVICE + "/deploymentHistoryV2?pageSize=20");
  }

  @ParameterizedTest
  @CsvSource({
    "F95F852BD8FCA8FCC58A9A2D6C842781E32A215E, true",
    "f95f852, true",
    "f95f85, false",
    "f95f853, false"
  })
  void a_commit_is_compared_by_its_digits(String deployed, boolean same) throws Exception {
    deployed("application", deployedApplication(deployed));

    assertThat(end(application(), ATTEMPT))
        .isInstanceOf(same ? End.Succeeded.class : End.Failed.class);
  }

  @Test
  void the_history_of_this_very_deploy_outweighs_a_commit_that_lags() throws Exception {
    deployed("application", deployedApplication(OTHER_SHA));
    history("application", entry(REQUEST + "-exec", "DEPLOYED", AFTER, SHA));

    assertThat(end(application(), ATTEMPT))
        .isEqualTo(new End.Succeeded(null, "Deployed by Qovery: commit f95f852 is live"));
  }

  @Test
  void the_history_of_another_deploy_outweighs_nothing() throws Exception {
    deployed("application", deployedApplication(OTHER_SHA));
    history(
        "application",
        entry(REQUEST + "-exec", "DEPLOYED", AFTER, OTHER_SHA),
        entry("older", "DEPLOYED", BEFORE, SHA));

    assertThat(end(application(), ATTEMPT)).isInstanceOf(End.Failed.class);
  }

  @Test
  void a_commit_that_nobody_tells_is_said_to_be_unknown() throws Exception {
    deployed("application", "{\"git_repository\":{}}");

    assertThat(end(application(), ATTEMPT)).isEqualTo(new End.Succeeded(null, UNKNOWN));
  }

  @Test
  void the_history_tells_a_commit_that_the_application_does_not() throws Exception {
    deployed("application", "{}");
    history("application", entry(REQUEST + "-exec", "DEPLOYED", AFTER, OTHER_SHA));

    assertThat(end(application(), ATTEMPT)).isInstanceOf(End.Failed.class);
  }

  @Test
  void a_commit_that_cannot_be_read_just_now_is_read_again() throws Exception {
    deployed("application", "");
    on("/application/" + SERVICE, 502, "");

    assertThat(application().poll(ATTEMPT, REQUEST, log))
        .isInstanceOfSatisfying(
            PollResult.Unseen.class,
            unseen -> assertThat(unseen.reason()).isEqualTo("Qovery answered 502"));
  }

  @Test
  void an_image_tag_that_is_set_is_proof() throws Exception {
    deployed("job", imageJob("v-" + SHA));

    assertThat(end(job(null, "v-{sha}"), ATTEMPT))
        .isEqualTo(new End.Succeeded(null, "Deployed by Qovery: image tag v-" + SHA + " is live"));
  }

  @Test
  void another_image_tag_in_the_settings_of_the_job_proves_nothing() throws Exception {
    deployed("job", imageJob("v-old"));

    assertThat(end(job(null, "v-{sha}"), ATTEMPT)).isEqualTo(new End.Succeeded(null, UNKNOWN));
  }

  @Test
  void another_image_tag_in_the_history_is_a_failure() throws Exception {
    deployed("job", imageJob("v-old"));
    history("job", entry(REQUEST + "-exec", "DEPLOYED", AFTER, "v-old"));

    assertThat(end(job(null, "latest"), attempt(null)))
        .isEqualTo(
            new End.Failed(
                "Qovery deployed image tag v-old instead of image tag latest; it may have merged"
                    + " the request with another"));
  }

  @Test
  void settings_that_now_ask_for_a_commit_end_a_deploy_without_one() throws Exception {
    assertThat(end(application(), attempt(null)))
        .isInstanceOfSatisfying(
            End.Errored.class,
            errored -> assertThat(errored.reason()).startsWith("The deployment names no commit"));
  }
}
