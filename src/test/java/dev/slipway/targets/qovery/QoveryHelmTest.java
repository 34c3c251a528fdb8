package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Target;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockserver.matchers.MatchType;
import org.mockserver.verify.VerificationTimes;

/** A Helm service is deployed by the commit or the version of its chart. */
class QoveryHelmTest extends QoveryFixture {
  private static final String HELM = "/helm/" + SERVICE;
  private static final String HISTORY = HELM + "/deploymentHistoryV2";

  private static String chartEntry(Instant created, String version) {
    return """
    {"identifier":{"name":"app","service_id":"%s","service_type":"HELM","execution_id":"%s-exec"},
     "status":"DEPLOYED","auditing_data":{"created_at":"%s"},
     "details":{"repository":{"chart_name":"app","chart_version":"%s"}},
     "status_details":{"action":"DEPLOY","status":"SUCCESS","sub_action":"NONE"}}
    """
        .formatted(SERVICE, REQUEST, created, version);
  }

  private static End end(Target target) throws InterruptedException {
    PollResult result = target.poll(ATTEMPT, REQUEST, new QoveryLog());
    assertThat(result).isInstanceOf(PollResult.Over.class);
    return ((PollResult.Over) result).end();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ,            false, '{"git_commit_id":"SHA"}'
          ,            true,  '{"git_commit_id":"SHA","values_override_git_commit_id":"SHA"}'
          1.4.2,       false, '{"chart_version":"1.4.2"}'
          1.4.2,       true,  '{"chart_version":"1.4.2","values_override_git_commit_id":"SHA"}'
          0.0.0-{sha}, false, '{"chart_version":"0.0.0-SHA"}'
          """)
  void the_chart_and_its_values_are_asked_for(String chart, boolean values, String body)
      throws Exception {
    server.when(post(HELM + "/deploy")).respond(reply(202, status("QUEUED", REQUEST, BEFORE)));

    assertThat(start(helm(chart, values), ATTEMPT)).isInstanceOf(Verdict.Accepted.class);

    server.verify(
        post(HELM + "/deploy").withBody(json(body.replace("SHA", SHA), MatchType.STRICT)),
        VerificationTimes.exactly(1));
    assertThat(asked()).containsExactly("POST " + HELM + "/deploy");
    assertThat(log.lines)
        .filteredOn(line -> line.contains("not pinned"))
        .hasSize("1.4.2".equals(chart) && !values ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({",false", "0.0.0-{sha},false", "1.4.2,true"})
  void what_needs_a_commit_is_not_asked_for_without_one(String chart, boolean values)
      throws Exception {
    assertThat(start(helm(chart, values), attempt(null)))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("Qovery needs a commit"));
    assertThat(asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1.4.2, Deployed by Qovery: chart version 1.4.2 is live",
    "1.4.1, Qovery deployed chart version 1.4.1 instead of chart version 1.4.2; it may have merged"
        + " the request with another"
  })
  void the_version_of_the_chart_is_compared_at_the_end(String deployed, String reason)
      throws Exception {
    on(HELM, 200, chartHelm(deployed));
    on(HELM + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(HISTORY, 200, results(chartEntry(AFTER, deployed)));

    assertThat(end(helm("1.4.2", true)).reason()).isEqualTo(reason);
  }

  @Test
  void another_commit_of_a_chart_in_git_is_a_failure() throws Exception {
    on(HELM, 200, gitHelm(OTHER_SHA));
    on(HELM + "/status", 200, status("DEPLOYED", REQUEST, AFTER));

    assertThat(end(helm(null, false)))
        .isEqualTo(
            new End.Failed(
                "Qovery deployed commit 0a1b2c3 instead of commit f95f852; it may have merged the"
                    + " request with another"));
  }

  @Test
  void one_that_is_in_doubt_is_found_by_the_version_of_its_chart() throws Exception {
    on("/service/" + SERVICE + "/deploymentQueue", 200, queue());
    on(HELM + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(HISTORY, 200, results(chartEntry(AFTER, "1.4.2")));

    assertThat(helm("1.4.2", false).lookUp(ATTEMPT, log))
        .isEqualTo(
            new LookupResult.Found(
                REQUEST, "Qovery's history shows a deploy of chart version 1.4.2"));
    assertThat(helm("1.4.2", false).destination()).isEqualTo("Qovery Helm service " + SERVICE);
  }
}
