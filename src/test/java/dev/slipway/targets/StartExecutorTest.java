package dev.slipway.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Repository;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import dev.slipway.time.SettableTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each start in the order in which its parts happen. */
class StartExecutorTest {
  private static final Instant SINCE = Instant.parse("2026-11-20T10:00:00Z");
  private static final Attempt ATTEMPT =
      new Attempt(
          new Deployment(
              new Repository("github.com", 1, "octo/app"),
              42L,
              "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
              "main",
              new Environment("production", false, true),
              "deploy",
              "{}",
              "",
              "octocat",
              SINCE),
          7,
          1,
          "acme",
          SINCE,
          null);
  private static final Fence LOST =
      () -> {
        throw new FencedException(new IllegalStateException("run 1 was taken over"));
      };

  private final List<String> happened = new ArrayList<>();
  private final Fence fence = () -> happened.add("fence");
  private final AttemptLog log =
      new AttemptLog() {
        @Override
        public void log(String line) {
          happened.add("log: " + line);
        }

        @Override
        public void output(byte[] bytes, int offset, int length) {
          throw new AssertionError("a start has no output");
        }
      };
  private final StartExecutor executor =
      new StartExecutor(
          (call, _) -> {
            happened.add("sent: " + call);
            return new Reply.Answered(200, Map.of(), "");
          },
          () -> SINCE);

  private record Prepared(Supplier<PreparedStart> start) implements Target {
    @Override
    public String name() {
      return "acme";
    }

    @Override
    public String destination() {
      return "Acme";
    }

    @Override
    public AttemptLimits limits() {
      return new AttemptLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    @Override
    public PreparedStart preview(Attempt attempt) {
      return start.get();
    }

    @Override
    public PollResult poll(Attempt attempt, String id, AttemptLog log) {
      throw new AssertionError("polled");
    }

    @Override
    public LookupResult lookUp(Attempt attempt, AttemptLog log) {
      throw new AssertionError("looked up");
    }

    @Override
    public StopResult stop(Attempt attempt, String id, AttemptLog log) {
      throw new AssertionError("stopped");
    }
  }

  private static final class Acme implements StartRules {
    @Override
    public String logPrefix() {
      return "Acme";
    }

    @Override
    public ProviderMessages messages() {
      return new ProviderMessages("Acme", List.of("hush"), new Redactor(List.of()));
    }

    @Override
    public Verdict accepted(Reply.Answered answer, Instant sent) {
      return new Verdict.Accepted("dep-1", "Acme took it");
    }
  }

  private static PreparedStart.Request request() {
    return new PreparedStart.Request(
        List.of("The commit is not pinned"),
        Call.postJson(URI.create("https://acme.test/deploy?key=hush"), "{\"sha\":\"f95f852\"}")
            .with("Authorization", "Bearer hush"),
        "f95f852",
        new Acme());
  }

  private StartAnswer start(PreparedStart prepared, Fence with) throws Exception {
    return executor.start(new Prepared(() -> prepared), ATTEMPT, with, log);
  }

  @Test
  void a_request_is_sent_right_after_the_fence() throws Exception {
    assertThat(start(request(), fence)).isEqualTo(new Verdict.Accepted("dep-1", "Acme took it"));
    assertThat(happened)
        .containsExactly(
            "log: The commit is not pinned",
            "log: Acme: POST https://acme.test/deploy for f95f852",
            "fence",
            "sent: POST https://acme.test/deploy",
            "log: Acme: Acme took it");
  }

  @Test
  void a_request_may_be_written_only_while_the_fence_holds() throws Exception {
    SettableTime time = new SettableTime(SINCE);
    List<Boolean> allowed = new ArrayList<>();
    StartExecutor slow =
        new StartExecutor(
            (_, maySend) -> {
              time.pass(Duration.ofMillis(7_999));
              allowed.add(maySend.getAsBoolean());
              time.pass(Duration.ofMillis(1));
              allowed.add(maySend.getAsBoolean());
              return new Reply.NotSent("too slow", true);
            },
            time);

    assertThat(slow.start(new Prepared(StartExecutorTest::request), ATTEMPT, fence, log))
        .isInstanceOf(StartAnswer.Busy.class);
    assertThat(allowed).containsExactly(true, false);
  }

  @Test
  void a_request_of_a_lost_run_is_not_sent() {
    assertThatExceptionOfType(FencedException.class).isThrownBy(() -> start(request(), LOST));
    assertThat(happened).noneMatch(event -> event.startsWith("sent"));
  }

  @Test
  void a_command_gets_the_fence_and_confirms_it_itself() throws Exception {
    PreparedStart launch =
        Launches.of(
            given -> {
              given.confirm();
              happened.add("launched");
              return new Verdict.Accepted("run-1", "");
            });

    assertThat(start(launch, fence)).isEqualTo(new Verdict.Accepted("run-1", ""));
    assertThat(happened).containsExactly("fence", "launched");
    assertThatExceptionOfType(FencedException.class).isThrownBy(() -> start(launch, LOST));
    assertThat(happened).containsExactly("fence", "launched");
  }

  @Test
  void what_is_declined_asks_nobody() throws Exception {
    var refused = new Verdict.Refused("no commit");

    assertThat(start(new PreparedStart.Declined(List.of("Warning"), refused), LOST))
        .isEqualTo(refused);
    assertThat(happened).containsExactly("log: Warning");
  }

  @Test
  void what_was_not_sent_can_be_neither_accepted_nor_in_doubt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PreparedStart.Declined(new Verdict.Unknown("lost")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PreparedStart.Declined(new Verdict.Accepted("dep-1", "")));
  }

  @Test
  void a_start_is_described_whole_and_without_its_secrets() {
    assertThat(request().description())
        .isEqualTo(
            """
            POST https://acme.test/deploy?key=***
            Authorization: Bearer ***
            Content-Type: application/json
            {"sha":"f95f852"}\
            """);
    assertThat(request().toString()).doesNotContain("hush");
    PreparedStart launch =
        new PreparedStart.Launch(
            "/bin/sh in /srv",
            "./deploy.sh",
            Map.of("SLIPWAY_SHA", "f95f852"),
            Set.of("DB_PASSWORD"),
            _ -> new Verdict.Accepted("run-1", ""));
    assertThat(launch.description())
        .isEqualTo("/bin/sh in /srv\n./deploy.sh\nSLIPWAY_SHA=f95f852\nDB_PASSWORD=***");
    assertThat(launch.toString()).isEqualTo("Launch[/bin/sh in /srv]");
    assertThat(PreparedStart.Declined.refused("no commit").description())
        .isEqualTo("refused, nothing would be sent: no commit");
  }
}
