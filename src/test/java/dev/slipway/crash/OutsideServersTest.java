package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.FakeResponse.Transmission;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.LoopbackClient;
import dev.slipway.fakes.LoopbackServer;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Slipway does outside comes into the journal, and what it does wrong is found there. */
class OutsideServersTest {
  private final OutsideJournal journal = new OutsideJournal();
  private final HeldDeploys deploys = new HeldDeploys();
  private final OutsideServers outside =
      new OutsideServers(
          journal, DeployDestination::addressOf, deploys, OutsideServers.Networks.RELIABLE);
  private final LoopbackServer slipway =
      new LoopbackServer(
          _ -> FakeResponse.json(202, JsonBodies.object().put("decision", "accepted")));
  private final LoopbackClient client = new LoopbackClient();

  @AfterEach
  void close() {
    client.close();
    slipway.close();
    outside.close();
  }

  private String setting(String name) {
    return Objects.requireNonNull(outside.settings().get(name), name);
  }

  private void accept(long deployment) throws InterruptedException {
    assertThat(outside.deliver(slipway.address(), deployment, false)).isTrue();
  }

  private void trigger(long deployment) throws InterruptedException {
    URI hook = URI.create(setting("RENDER_DEPLOY_HOOK_URL") + "&ref=%040x".formatted(deployment));
    assertThat(client.post(hook, Map.of(), new byte[0]).status()).isEqualTo(200);
  }

  private void post(long deployment, String state) throws InterruptedException {
    String repository = DeployDestination.addressOf(deployment).repository().fullName();
    URI statuses =
        URI.create(
            "%s/repos/%s/deployments/%d/statuses"
                .formatted(setting("GITHUB_API_URL"), repository, deployment));
    assertThat(
            client
                .post(
                    statuses,
                    Map.of("Authorization", "Bearer " + setting("GITHUB_TOKEN")),
                    ("{\"state\":\"" + state + "\"}").getBytes(StandardCharsets.UTF_8))
                .status())
        .isEqualTo(201);
  }

  @Test
  void a_deployment_that_is_done_once_and_reported_once_is_as_promised() throws Exception {
    accept(1);
    trigger(1);
    post(1, "in_progress");
    post(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_deployment_that_is_triggered_twice_is_found() throws Exception {
    accept(1);
    trigger(1);
    trigger(1);
    post(1, "success");

    assertThat(Checker.violations(journal))
        .anySatisfy(violation -> assertThat(violation).contains("was triggered twice"));
  }

  @Test
  void an_accepted_deployment_without_an_end_is_found() throws Exception {
    accept(1);
    trigger(1);
    post(1, "in_progress");

    assertThat(Checker.violations(journal))
        .anySatisfy(violation -> assertThat(violation).contains("has no final status"));
  }

  @Test
  void a_success_without_a_deploy_and_a_second_end_are_found() throws Exception {
    accept(1);
    post(1, "success");
    post(1, "failure");

    assertThat(Checker.violations(journal))
        .anySatisfy(violation -> assertThat(violation).contains("nothing was deployed"))
        .anySatisfy(violation -> assertThat(violation).contains("more than one final status"));
  }

  @Test
  void a_deploy_that_begins_while_another_of_its_environment_runs_is_found() throws Exception {
    assertThat(DeployDestination.addressOf(2).key())
        .isEqualTo(DeployDestination.addressOf(98).key());
    deploys.hold(2);
    accept(2);
    accept(98);
    trigger(2);
    trigger(98);

    assertThat(Checker.violations(journal))
        .anySatisfy(violation -> assertThat(violation).contains("while #2 ran"));
  }

  @Test
  void every_fault_comes_about_before_or_after_the_effect() {
    List<String> effects = new ArrayList<>();
    RequestHandler server =
        request -> {
          effects.add(request.method());
          return FakeResponse.text(200, "done");
        };
    NetworkBehavior network = new Faults(0.7, 1).networks(NetworkBehavior.RELIABLE).toGithub();
    Map<String, Long> counts =
        IntStream.range(0, 1000)
            .mapToObj(
                _ -> {
                  int before = effects.size();
                  FakeResponse response = network.carry(request(), server);
                  String sent =
                      response.transmission() == Transmission.DROPPED
                          ? "cut"
                          : response.status() + " " + response.transmission();
                  return sent + (effects.size() > before ? " after" : " without");
                })
            .collect(Collectors.groupingBy(one -> one, Collectors.counting()));

    assertThat(counts.keySet())
        .containsExactlyInAnyOrder(
            "200 COMPLETE after",
            "200 TRUNCATED after",
            "500 COMPLETE after",
            "500 COMPLETE without",
            "504 COMPLETE after",
            "504 COMPLETE without",
            "502 COMPLETE after",
            "502 COMPLETE without",
            "403 COMPLETE without",
            "cut after",
            "cut without");
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isGreaterThan(30));
  }

  private static FakeRequest request() {
    return new FakeRequest("POST", URI.create("/"), Map.of(), "");
  }
}
