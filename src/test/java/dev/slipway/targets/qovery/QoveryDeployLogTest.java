package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.targets.KeptProviderLog;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Qovery's own log of a deploy, read into ours. */
class QoveryDeployLogTest extends QoveryFixture {
  private static final String STATUS = "/application/" + SERVICE + "/status";
  private static final String LOGS = "/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a/logs";
  private static final String EXECUTION = REQUEST + "-exec";
  private static final String CONSOLE =
      "https://console.qovery.com/organization/org-1/project/proj-1/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a";

  private final KeptProviderLog kept = new KeptProviderLog();

  @BeforeEach
  void keep() {
    log.provider = Optional.of(kept);
    on("/application/" + SERVICE, 200, deployedApplication(OTHER_SHA));
    on(
        "/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a",
        200,
        "{\"id\":\"e1b2c3d4-0d44-4b50-8888-8dd25736052a\",\"organization\":{\"id\":\"org-1\"},\"project\":{\"id\":\"proj-1\"}}");
  }

  private static String row(int second, String message) {
    return row(second, message, EXECUTION, SERVICE, "null");
  }

  private static String row(
      int second, String message, String execution, String transmitter, String error) {
    return """
        {"type":"INFO","timestamp":"%s","details":{"execution_id":"%s","stage":{"step":"Build"},
         "transmitter":{"type":"Application","id":"%s","name":"app"}},
         "message":{"safe_message":"%s"},"error":%s}"""
        .formatted(START.plusSeconds(second), execution, transmitter, message, error);
  }

  private static String error(int second, String what, String hint) {
    return row(
        second,
        "step failed",
        EXECUTION,
        SERVICE,
        "{\"tag\":\"X\",\"user_log_message\":\"%s\",\"hint_message\":\"%s\"}"
            .formatted(what, hint));
  }

  private static void shows(String... rows) {
    on(LOGS, 200, "[" + String.join(",", rows) + "]");
  }

  private static void is(String state) {
    on(STATUS, 200, status(state, REQUEST, AFTER));
  }

  private PollResult poll(Target target) throws InterruptedException {
    return target.poll(ATTEMPT, REQUEST, log);
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private End end(Target target) throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      switch (poll(target)) {
        case PollResult.Over(End end) -> {
          return end;
        }
        case PollResult.NotYet(Duration again) -> now = now.plus(again);
        case PollResult.Going _, PollResult.Unseen _ -> throw new AssertionError("not over");
      }
    }
    throw new AssertionError("no end in reach");
  }

  private static List<String> logReads() {
    return asked().stream().filter(one -> one.startsWith("GET " + LOGS)).toList();
  }

  @Test
  void what_the_log_says_about_our_service_in_this_deploy_is_read_once() throws Exception {
    Target target = application();
    is("BUILDING");
    pass(20);
    shows(
        row(1, "cloning"),
        row(2, "of an older deploy", "old-exec", SERVICE, "null"),
        row(2, "of a neighbour", EXECUTION, "11111111-2222-3333-4444-555555555555", "null"),
        row(3, "building"),
        row(3, "building"),
        row(19, "too young"));
    PollResult _ = poll(target);
    pass(10);
    shows(
        row(1, "cloning"),
        row(3, "building"),
        row(3, "building"),
        row(3, "building"),
        row(19, "too young"));
    PollResult _ = poll(target);

    assertThat(kept.lines)
        .containsExactly("cloning", "building", "building", "building", "too young");
    assertThat(logReads()).containsOnly("GET " + LOGS + "?version=" + EXECUTION);
    assertThat(log.lines)
        .contains(
            "Qovery: follow it at " + CONSOLE,
            "Qovery: its own log follows, on the lines without this mark");
  }

  @Test
  void another_process_reads_on_where_the_first_one_stopped() throws Exception {
    is("BUILDING");
    pass(20);
    shows(row(1, "cloning"));
    PollResult _ = poll(application());
    shows(row(1, "cloning"), row(3, "building"));

    PollResult _ = poll(application());

    assertThat(kept.lines).containsExactly("cloning", "building");
  }

  @Test
  void a_failure_says_in_its_text_what_the_log_says_and_waits_for_the_last_line() throws Exception {
    Target target = application();
    is("BUILD_ERROR");
    shows(row(1, "cloning"));
    assertThat(poll(target)).isEqualTo(new PollResult.NotYet(Duration.ofSeconds(3)));
    pass(3);
    shows(row(1, "cloning"), error(2, "Dockerfile not found", "check the path"));

    assertThat(end(target))
        .isEqualTo(
            new End.Failed(
                "Qovery: BUILD_ERROR: Dockerfile not found; the previous version keeps running"));

    assertThat(kept.lines)
        .containsExactly("cloning", "step failed\nDockerfile not found\nHint: check the path");
  }

  @Test
  void the_reason_is_read_where_no_log_is_kept() throws Exception {
    log.provider = Optional.empty();
    is("DEPLOYMENT_ERROR");
    shows(error(2, "no space left", ""));

    assertThat(((PollResult.Over) poll(application())).end().reason())
        .startsWith("Qovery: DEPLOYMENT_ERROR: no space left;");
    assertThat(logReads()).hasSize(1);
  }

  @Test
  void the_reason_never_holds_the_token() throws Exception {
    is("DEPLOYMENT_ERROR");
    shows(error(2, "bad token " + TOKEN, ""));

    assertThat(end(application()).reason()).contains("bad token ***");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429, 500})
  void a_log_that_cannot_be_read_is_said_once_and_the_deploy_goes_on(int code) throws Exception {
    Target target = application();
    is("BUILDING");
    on(LOGS, code, "{\"message\":\"no logs\"}");
    for (int i = 0; i < 4; i++) {
      assertThat(poll(target)).isInstanceOf(PollResult.Going.class);
      pass(60);
    }
    is("BUILD_ERROR");

    assertThat(end(target))
        .isEqualTo(new End.Failed("Qovery: BUILD_ERROR; the previous version keeps running"));

    assertThat(log.lines)
        .filteredOn(line -> line.contains("its own log cannot be read"))
        .singleElement()
        .asString()
        .endsWith("see " + CONSOLE);
    assertThat(kept.lines).isEmpty();
  }

  @Test
  void of_a_log_that_is_too_long_the_end_is_kept_as_well() throws Exception {
    KeptProviderLog small = new KeptProviderLog(100);
    log.provider = Optional.of(small);
    Target target = application();
    is("BUILDING");
    pass(3600);
    String[] rows =
        IntStream.range(0, 350).mapToObj(i -> row(i, "line " + i)).toArray(String[]::new);
    shows(rows);
    PollResult _ = poll(target);
    assertThat(small.lines).hasSize(100);
    is("BUILD_ERROR");

    End _ = end(target);

    assertThat(small.lines)
        .hasSize(201)
        .contains("▸ Qovery: 150 lines of its log are left out here; see " + CONSOLE)
        .last()
        .isEqualTo("line 349");
  }

  @Test
  void lines_that_qovery_no_longer_shows_are_said_to_be_missing() throws Exception {
    Target target = application();
    is("BUILDING");
    pass(100);
    shows(row(1, "first"));
    PollResult _ = poll(target);
    pass(3600);
    shows(IntStream.range(0, 1000).mapToObj(i -> row(50 + i, "x")).toArray(String[]::new));

    PollResult _ = poll(target);

    assertThat(kept.lines).hasSize(1001);
    assertThat(log.lines).last().asString().contains("lines of its log are left out here");
  }

  @Test
  void it_is_read_every_ten_seconds_while_a_deploy_goes_on() throws Exception {
    Target target = application();
    is("BUILDING");
    shows();
    Instant begun = now;
    while (now.isBefore(begun.plusSeconds(60))) {
      PollResult _ = poll(target);
      pass(5);
    }

    assertThat(logReads()).hasSize(6);
  }
}
