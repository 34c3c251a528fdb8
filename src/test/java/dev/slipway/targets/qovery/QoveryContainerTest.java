package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.mockserver.matchers.MatchType;
import org.mockserver.verify.VerificationTimes;

/** A container is deployed by the tag of its image. */
class QoveryContainerTest extends QoveryFixture {
  private static final String CONTAINER = "/container/" + SERVICE;
  private static final String HISTORY = CONTAINER + "/deploymentHistoryV2";

  private static void accepts() {
    server.when(post(CONTAINER + "/deploy")).respond(reply(202, status("QUEUED", REQUEST, BEFORE)));
  }

  private End ended(String tag) throws InterruptedException {
    PollResult result = container(tag).poll(ATTEMPT, REQUEST, log);
    assertThat(result).isInstanceOf(PollResult.Over.class);
    return ((PollResult.Over) result).end();
  }

  @Test
  void it_is_deployed_by_one_call_with_the_commit_in_the_tag() throws Exception {
    accepts();

    assertThat(start(container("v-{sha}"), ATTEMPT))
        .isEqualTo(
            new Verdict.Accepted(REQUEST, "Qovery accepted the deploy as request " + REQUEST));

    server.verify(
        post(CONTAINER + "/deploy")
            .withHeader("Authorization", "Token " + TOKEN)
            .withBody(json("{\"image_tag\":\"v-" + SHA + "\"}", MatchType.STRICT)),
        VerificationTimes.exactly(1));
    assertThat(asked()).containsExactly("POST " + CONTAINER + "/deploy");
    assertThat(container("v-{sha}").destination()).isEqualTo("Qovery container " + SERVICE);
  }

  @Test
  void a_tag_without_the_commit_is_deployed_and_said_to_be_not_pinned() throws Exception {
    accepts();

    assertThat(start(container("stable"), attempt(null))).isInstanceOf(Verdict.Accepted.class);

    server.verify(
        post(CONTAINER + "/deploy").withBody(json("{\"image_tag\":\"stable\"}", MatchType.STRICT)));
    assertThat(log.lines)
        .contains("Qovery: QOVERY_CONTAINER_IMAGE_TAG holds no {sha}, so the commit is not pinned");
  }

  @Test
  void a_tag_with_the_commit_needs_one() throws Exception {
    assertThat(start(container("{sha}"), attempt(null)))
        .isEqualTo(
            new Verdict.Refused(
                "Qovery needs a commit, and this deployment names none; ask for it with a ref or"
                    + " a sha"));
    assertThat(asked()).isEmpty();
  }

  @Test
  void its_address_is_told_with_the_success() throws Exception {
    on(CONTAINER, 200, deployedContainer(SHA));
    on(CONTAINER + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(CONTAINER + "/link", 200, results("{\"url\":\"https://app.example.com\"}"));

    assertThat(ended("{sha}"))
        .isEqualTo(
            new End.Succeeded(
                URI.create("https://app.example.com"),
                "Deployed by Qovery: image tag " + SHA + " is live"));
  }

  @Test
  void another_tag_in_the_history_of_this_deploy_is_a_failure() throws Exception {
    on(CONTAINER, 200, deployedContainer("v-old"));
    on(CONTAINER + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(HISTORY, 200, results(entry(REQUEST + "-exec", "DEPLOYED", AFTER, "v-old")));

    assertThat(ended("{sha}"))
        .isEqualTo(
            new End.Failed(
                "Qovery deployed image tag v-old instead of image tag "
                    + SHA
                    + "; it may have merged the request with another"));
  }

  @Test
  void one_that_is_in_doubt_is_found_by_its_tag() throws Exception {
    server.when(post(CONTAINER + "/deploy")).error(error().withDropConnection(true));
    assertThat(start(container("{sha}"), ATTEMPT)).isInstanceOf(Verdict.Unknown.class);
    on("/service/" + SERVICE + "/deploymentQueue", 200, queue());
    on(CONTAINER + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(HISTORY, 200, results(entry(REQUEST + "-exec", "DEPLOYED", AFTER, SHA)));

    assertThat(container("{sha}").lookUp(ATTEMPT, log))
        .isEqualTo(
            new LookupResult.Found(REQUEST, "Qovery's history shows a deploy of image tag " + SHA));
  }

  @Test
  void only_our_own_request_is_cancelled() throws Exception {
    String cancel = "/deploymentQueue/" + REQUEST + "/cancelDeployment";
    server.when(post(cancel)).respond(reply(202, ""));

    assertThat(container("{sha}").stop(ATTEMPT, REQUEST, log))
        .isEqualTo(new StopResult.Done("cancelled at Qovery"));

    server.verify(post(cancel).withBody(json("{}", MatchType.STRICT)));
    assertThat(asked()).containsExactly("POST " + cancel);
  }
}
