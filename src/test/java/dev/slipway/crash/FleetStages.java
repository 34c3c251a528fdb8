package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.regex.MatchResult;
import java.util.stream.LongStream;

/**
 * What is done to replicas, one stage after another on the same processes.
 *
 * @param frozen how long a replica stays frozen; zero when leases are made to run out instead of
 *     waited for
 */
record FleetStages(Fleet fleet, Duration frozen) {
  private static final String LINE = "line (\\d+) (\\d{19})";

  void workIsSharedInOrder() {
    for (long deployment = 1; deployment <= 24; deployment++) {
      fleet.deliver(fleet.replicas.get((int) (deployment % 4)), deployment);
    }
    LongStream.rangeClosed(1, 24).forEach(fleet::awaitEnd);
    assertThat(fleet.database.texts("select distinct owner_host from run"))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  /**
   * A log that one replica writes is read at another.
   *
   * @return how late each line came, in milliseconds
   */
  List<Long> aLogIsReadLiveAtAnother(long deployment, int lines) {
    fleet.keepCommandGoing(deployment);
    fleet.deliver(fleet.replicas.getFirst(), deployment);
    Await.holds("a status", () -> !fleet.states(deployment).isEmpty());
    // The status of its acceptance may be there before anybody has taken it
    Await.holds("a holder", () -> !fleet.database.holder(deployment).equals("null"));
    String holder = fleet.database.holder(deployment);
    Replica reader =
        fleet.replicas.stream()
            .filter(one -> !one.place().equals(holder))
            .findFirst()
            .orElseThrow();
    String page = URI.create(fleet.statuses(deployment).getFirst().logUrl()).getRawPath();
    List<Long> late = new ArrayList<>();
    try (HttpClient browser = HttpClient.newHttpClient();
        InputStream events = open(browser, reader.at(page + "/events"));
        Scanner scanner = new Scanner(events, UTF_8)) {
      while (late.size() < lines) {
        assertThat(scanner.findWithinHorizon(LINE, 0)).isNotNull();
        MatchResult line = scanner.match();
        late.add((OutsideJournal.now() - Long.parseLong(line.group(2))) / 1_000_000);
        assertThat(line.group(1)).isEqualTo(String.valueOf(late.size()));
      }
      assertThat(new String(open(browser, reader.at(page + "/log")).readAllBytes(), UTF_8))
          .contains("line " + lines + " ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(fleet.states(deployment)).doesNotContain("success");
    assertThat(fleet.database.holder(deployment)).isEqualTo(holder);
    fleet.endCommand(deployment);
    fleet.awaitEnd(deployment);
    return late;
  }

  private static final Charset UTF_8 = StandardCharsets.UTF_8;

  private static InputStream open(HttpClient browser, URI uri) throws IOException {
    try {
      HttpResponse<InputStream> answer =
          browser.send(
              HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Dies with a hook's and an API's deploy being followed, and with a command intended.
   *
   * @return how long it took until others had all three
   */
  Duration whatAKilledOneHadIsTakenOver(long hook, long api, long shell) {
    Replica victim = fleet.replicas.getFirst();
    fleet.deploys.hold(hook);
    fleet.deploys.hold(api);
    fleet.onlyBy(
        victim,
        () -> {
          fleet.deliver(victim, hook);
          fleet.deliver(victim, api);
          Await.holds("accepted", () -> isAccepted(hook) && isAccepted(api));
          fleet.database.closeBarrier();
          fleet.deliver(victim, shell);
          Await.holds("at the barrier", fleet.database::isSomeoneAtTheBarrier);
          victim.kill();
        });
    fleet.database.openBarrier();
    Duration took = awaitTakenOver(victim, hook, api, shell);
    fleet.finish(hook);
    fleet.finish(api);
    fleet.awaitEnd(hook);
    fleet.awaitEnd(api);
    assertThat(fleet.states(hook)).containsExactly("in_progress", "success");
    assertThat(fleet.states(api)).containsExactly("in_progress", "success");
    assertThat(fleet.triggers(hook) + fleet.triggers(api)).isEqualTo(2);
    theCommandIsWaitedFor(victim, shell);
    return took;
  }

  private boolean isAccepted(long deployment) {
    return fleet.database.isAccepted(deployment);
  }

  /** Nobody knows elsewhere whether it started, so nobody goes on before its machine is back. */
  private void theCommandIsWaitedFor(Replica victim, long shell) {
    Await.holds(
        "waits for the machine",
        () ->
            fleet.statuses(shell).stream()
                .anyMatch(status -> status.description().startsWith("Waiting for ")));
    assertThat(fleet.triggers(shell) + fleet.commands(shell)).isZero();
    victim.startAgain();
    fleet.awaitEnd(shell);
    assertThat(fleet.database.holder(shell)).isEqualTo(victim.place());
    // It surely never started, so it is started again, and the next target is not needed
    assertThat(fleet.commands(shell)).isEqualTo(1);
    assertThat(fleet.triggers(shell)).isZero();
    victim.awaitReady();
  }

  private Duration awaitTakenOver(Replica from, long... deployments) {
    long begun = System.nanoTime();
    Await.holds(
        "taken over",
        () -> {
          if (frozen.isZero()) {
            fleet.database.lapse(from.place());
          }
          return LongStream.of(deployments)
              .noneMatch(one -> fleet.database.holder(one).equals(from.place()));
        });
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Asks for leave, and gets no answer for so long that another has the run. */
  Duration oneFrozenBeforeItsRequestTriggersNothing(long api, long after) {
    Replica victim = fleet.replicas.get(1);
    fleet.database.closeBarrier();
    fleet.onlyBy(
        victim,
        () -> {
          fleet.deliver(victim, api);
          Await.holds("at the barrier", fleet.database::isSomeoneAtTheBarrier);
          // A post under way would come late, and the last word after it once more; and one
          // that is not, may be so before the replica has frozen
          Await.holds("its post is over", () -> fleet.database.isPosted(api, "in_progress"));
          victim.freeze();
        });
    fleet.database.openBarrier();
    Duration took = awaitTakenOver(victim, api);
    fleet.awaitEnd(api);
    Await.pass(frozen);
    String before = victim.output();
    victim.thaw();
    Await.holds(
        "woken",
        () ->
            victim.output().substring(before.length()).matches("(?s).*(Dropping run|waits for).*"));
    theWokenOneWorksOn(victim, after);
    // Surely absent at Render, so who took it over asked there again, and the woken one did not
    assertThat(fleet.triggers(api)).isEqualTo(1);
    assertThat(fleet.commands(api)).isZero();
    assertThat(fleet.states(api)).endsWith("success");
    return took;
  }

  /** GitHub took its status, and another finds that out before the answer is read. */
  Duration oneFrozenInItsPostPostsNothingMore(long hook, long after) {
    Replica victim = fleet.replicas.get(2);
    HeldResponses.Held response = fleet.responses.hold(hook, "success");
    fleet.onlyBy(
        victim,
        () -> {
          fleet.deliver(victim, hook);
          Await.holds("posting", () -> response.reached().getCount() == 0);
          victim.freeze();
        });
    long begun = System.nanoTime();
    Await.holds(
        "found at GitHub",
        () -> {
          if (frozen.isZero()) {
            fleet.database.lapse(victim.place());
          }
          return fleet.database.isPosted(hook, "success");
        });
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    response.released().countDown();
    Await.pass(frozen);
    victim.thaw();
    theWokenOneWorksOn(victim, after);
    assertThat(fleet.states(hook)).containsExactly("in_progress", "success");
    return took;
  }

  private void theWokenOneWorksOn(Replica victim, long deployment) {
    fleet.onlyBy(
        victim,
        () -> {
          fleet.deliver(victim, deployment);
          fleet.awaitEnd(deployment);
        });
  }
}
