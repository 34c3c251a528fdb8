package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every branch of the plan: what happened so far, and the one thing to do next. */
class PlanTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofHours(1));
  private static final List<ChainEntry> CHAIN =
      List.of(new ChainEntry("hook", LIMITS, null, ""), new ChainEntry("shell", LIMITS, null, ""));
  private static final End LIVE = new End.Succeeded(URI.create("https://x.example"), "live");

  private static Instant at(int seconds) {
    return T0.plusSeconds(seconds);
  }

  private static Fact intended(int s, String target) {
    return new Fact.Intended(at(s), target, null, "", Duration.ZERO);
  }

  private static Fact judged(int s, String target, Verdict verdict) {
    return new Fact.Judged(at(s), target, verdict);
  }

  private static Fact looked(int s, String target, LookupResult finding, int until) {
    return new Fact.LookedUp(at(s), target, finding, at(until));
  }

  private static final Verdict SKIPPED = new Verdict.Skipped("not set");
  private static final Verdict REFUSED = new Verdict.Refused("401");
  private static final Verdict UNKNOWN = new Verdict.Unknown("timeout");
  private static final Verdict INTERRUPTED =
      new Verdict.Unknown("Slipway stopped after the request may have been sent", true);
  private static final Verdict ACCEPTED = new Verdict.Accepted("dep-1", "ok");
  private static final Duration SOON = Duration.ofSeconds(5);

  private static Arguments row(String name, int now, Move next, Fact... log) {
    return argumentSet(name, at(now), List.of(log), next);
  }

  /** What happened after a crash had left nothing at the provider. */
  private static Fact[] again(Fact... later) {
    return Stream.concat(
            Stream.of(
                intended(0, "hook"),
                judged(60, "hook", INTERRUPTED),
                looked(180, "hook", new LookupResult.NotThere("no deploy", SOON), 185)),
            Stream.of(later))
        .toArray(Fact[]::new);
  }

  private static final Fact CANCEL = new Fact.CancelRequested(at(1), "ann", "wrong commit");

  static Stream<Arguments> table() {
    return Stream.of(
        row("nothing happened: start the first", 0, new Move.Start("hook")),
        row(
            "skipped: start the next",
            1,
            new Move.Start("shell"),
            intended(0, "hook"),
            judged(1, "hook", SKIPPED)),
        row(
            "refused: start the next",
            1,
            new Move.Start("shell"),
            intended(0, "hook"),
            judged(1, "hook", REFUSED)),
        row(
            "all refused: errored, naming each reason",
            2,
            new Move.Settle(new End.Errored("No target started a deploy. hook: 401; shell: no sh")),
            judged(1, "hook", REFUSED),
            judged(2, "shell", new Verdict.Refused("no sh"))),
        row(
            "skipped ones are not named among the reasons",
            2,
            new Move.Settle(new End.Errored("No target started a deploy. shell: no sh")),
            judged(1, "hook", SKIPPED),
            judged(2, "shell", new Verdict.Refused("no sh"))),
        row(
            "all skipped: errored, nothing is configured",
            2,
            new Move.Settle(new End.Errored("No target is configured for this route")),
            judged(1, "hook", SKIPPED),
            judged(2, "shell", SKIPPED)),
        row(
            "intent without an answer: a crash, so unknown",
            60,
            new Move.Conclude("hook", INTERRUPTED),
            intended(0, "hook")),
        row(
            "busy: wait as long as the provider wants",
            1,
            new Move.Wait(at(30)),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30))),
        row(
            "busy and the wait is over: start again",
            30,
            new Move.Start("hook"),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30))),
        row(
            "busy beyond the start limit: refused",
            200,
            new Move.Conclude(
                "hook", new Verdict.Refused("busy, and not worth asking again within 5 m: 429")),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(301))),
        row(
            "busy, and held before it was asked again: start anew",
            9000,
            new Move.Start("hook"),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30)),
            new Fact.Held(at(30), "Locked by ann")),
        row(
            "busy after it was held: its limit counts from then",
            9020,
            new Move.Wait(at(9030)),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30)),
            new Fact.Held(at(30), "Locked by ann"),
            intended(9000, "hook"),
            new Fact.Busy(at(9001), "hook", "429", at(9030))),
        row(
            "held, and the intent before it is on disk all the same: surely not called",
            40,
            new Move.Start("hook"),
            intended(0, "hook"),
            new Fact.Held(at(30), "Locked by ann")),
        row(
            "refused, and held before the next: start the next",
            40,
            new Move.Start("shell"),
            intended(0, "hook"),
            judged(1, "hook", REFUSED),
            new Fact.Held(at(30), "Locked by ann")),
        row(
            "absent, and held before it is started again: start it again",
            190,
            new Move.Start("hook"),
            again(new Fact.Held(at(186), "Locked by ann"))),
        row(
            "intent after busy without an answer: a crash, so unknown",
            60,
            new Move.Conclude("hook", INTERRUPTED),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30)),
            intended(30, "hook")),
        row(
            "unknown: look it up, never the next target",
            5,
            new Move.LookUp("hook"),
            intended(0, "hook"),
            judged(5, "hook", UNKNOWN)),
        row(
            "not there within the grace time: wait and look again",
            10,
            new Move.Wait(at(15)),
            judged(5, "hook", UNKNOWN),
            looked(10, "hook", new LookupResult.NotThere("no deploy", SOON), 15)),
        row(
            "the wait is over: look again",
            15,
            new Move.LookUp("hook"),
            judged(5, "hook", UNKNOWN),
            looked(10, "hook", new LookupResult.NotThere("no deploy", SOON), 15)),
        row(
            "not there after the grace time: surely absent, so refused",
            125,
            new Move.Conclude("hook", new Verdict.Refused("timeout; no deploy")),
            judged(5, "hook", UNKNOWN),
            looked(125, "hook", new LookupResult.NotThere("no deploy", SOON), 130)),
        row(
            "not there after a crash and the grace time: the same target again, for it did not"
                + " refuse",
            180,
            new Move.Start("hook"),
            intended(0, "hook"),
            judged(60, "hook", INTERRUPTED),
            looked(180, "hook", new LookupResult.NotThere("no deploy", SOON), 185)),
        row(
            "not there after a crash, within the grace time: wait and look again",
            179,
            new Move.Wait(at(184)),
            intended(0, "hook"),
            judged(60, "hook", INTERRUPTED),
            looked(179, "hook", new LookupResult.NotThere("no deploy", SOON), 184)),
        row(
            "not there after a crash, and replaced: nothing is started",
            180,
            new Move.Settle(new End.Superseded("Replaced by deployment 44")),
            intended(0, "hook"),
            judged(60, "hook", INTERRUPTED),
            new Fact.Replaced(at(70), "deployment 44"),
            looked(180, "hook", new LookupResult.NotThere("no deploy", SOON), 185)),
        row(
            "started again, and another crash: unknown again",
            200,
            new Move.Conclude("hook", INTERRUPTED),
            again(intended(181, "hook"))),
        row(
            "started again, and another crash: look it up",
            200,
            new Move.LookUp("hook"),
            again(intended(181, "hook"), judged(200, "hook", INTERRUPTED))),
        row(
            "not there after two crashes: refused, once is enough",
            320,
            new Move.Conclude(
                "hook",
                new Verdict.Refused(
                    "Slipway stopped after the request may have been sent; no deploy")),
            again(
                intended(181, "hook"),
                judged(200, "hook", INTERRUPTED),
                looked(320, "hook", new LookupResult.NotThere("no deploy", SOON), 325))),
        row(
            "started again and accepted: look at it",
            190,
            new Move.Poll("hook", "dep-1"),
            again(intended(181, "hook"), judged(182, "hook", ACCEPTED))),
        row(
            "started again and busy: its limit counts from then",
            400,
            new Move.Wait(at(480)),
            again(intended(181, "hook"), new Fact.Busy(at(400), "hook", "429", at(480)))),
        row(
            "started again and no answer: what the target lost may be there, and is no crash",
            400,
            new Move.Conclude("hook", new Verdict.Refused("timeout; no deploy")),
            again(
                intended(181, "hook"),
                judged(190, "hook", UNKNOWN),
                looked(390, "hook", new LookupResult.NotThere("no deploy", SOON), 395))),
        row(
            "unreachable during the whole grace time does not count as absent",
            130,
            new Move.LookUp("hook"),
            judged(5, "hook", UNKNOWN),
            looked(125, "hook", new LookupResult.Unreachable("down", SOON), 130)),
        row(
            "unreachable beyond the limit: outcome unknown, never the next target",
            905,
            new Move.Settle(new End.Errored("Outcome unknown at hook: timeout. down")),
            judged(5, "hook", UNKNOWN),
            looked(905, "hook", new LookupResult.Unreachable("down", SOON), 910)),
        row(
            "cannot be known: outcome unknown at once",
            6,
            new Move.Settle(
                new End.Errored("Outcome unknown at hook: timeout. Check the dashboard")),
            judged(5, "hook", UNKNOWN),
            looked(6, "hook", new LookupResult.CannotKnow("Check the dashboard"), 6)),
        row(
            "found, and stopped before the verdict was kept: conclude from it",
            6,
            new Move.Conclude("hook", new Verdict.Accepted("dep-9", "found")),
            judged(5, "hook", UNKNOWN),
            looked(6, "hook", new LookupResult.Found("dep-9", "found"), 6)),
        row(
            "unknown, then found: follow it",
            7,
            new Move.Poll("hook", "dep-1"),
            judged(5, "hook", UNKNOWN),
            judged(7, "hook", ACCEPTED)),
        row(
            "unknown, then surely absent: start the next",
            200,
            new Move.Start("shell"),
            judged(5, "hook", UNKNOWN),
            judged(200, "hook", REFUSED)),
        row("accepted: look at it", 1, new Move.Poll("hook", "dep-1"), judged(1, "hook", ACCEPTED)),
        row(
            "seen: wait as long as the target says",
            3,
            new Move.Wait(at(12)),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(2), "hook", "building", at(12))),
        row(
            "seen, and the wait is over: look again",
            12,
            new Move.Poll("hook", "dep-1"),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(2), "hook", "building", at(12))),
        row(
            "not seen: look again later",
            3,
            new Move.Wait(at(32)),
            judged(1, "hook", ACCEPTED),
            new Fact.Unseen(at(2), "hook", "500", at(32))),
        row(
            "waits no longer than to the deadline",
            3590,
            new Move.Wait(at(3601)),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(3580), "hook", "building", at(3700))),
        row(
            "beyond the deadline: stop it first",
            3601,
            new Move.Stop("hook", "dep-1", StopReason.DEADLINE, "not finished after 1 h"),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(3580), "hook", "building", at(3700))),
        row(
            "stopped at the deadline: failed, and no next target",
            3602,
            new Move.Settle(new End.Failed("Not finished after 1 h; cancelled at Render")),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(3580), "hook", "building", at(3700)),
            new Fact.StopSent(at(3602), "hook", StopReason.DEADLINE, "cancelled at Render")),
        row(
            "never seen until the deadline: errored, for we do not know",
            3602,
            new Move.Settle(new End.Errored("Could not be followed for 1 h; no answer")),
            judged(1, "hook", ACCEPTED),
            new Fact.Unseen(at(3580), "hook", "500", at(3600)),
            new Fact.StopSent(at(3602), "hook", StopReason.DEADLINE, "no answer")),
        row(
            "ended well: that is the end",
            50,
            new Move.Settle(LIVE),
            judged(1, "hook", ACCEPTED),
            new Fact.Ended(at(50), "hook", LIVE)),
        row(
            "a build that fails does not fall through",
            50,
            new Move.Settle(new End.Failed("build_failed")),
            judged(1, "hook", ACCEPTED),
            new Fact.Ended(at(50), "hook", new End.Failed("build_failed"))),
        row(
            "replaced before anything started",
            1,
            new Move.Settle(new End.Superseded("Replaced by deployment 44")),
            new Fact.Replaced(at(1), "deployment 44")),
        row(
            "replaced after a refusal: the next target is not tried",
            3,
            new Move.Settle(new End.Superseded("Replaced by deployment 44")),
            judged(1, "hook", REFUSED),
            new Fact.Replaced(at(2), "deployment 44")),
        row(
            "replaced while busy: surely nothing started",
            3,
            new Move.Settle(new End.Superseded("Replaced by deployment 44")),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30)),
            new Fact.Replaced(at(2), "deployment 44")),
        row(
            "replaced while unknown: still looked up first",
            6,
            new Move.LookUp("hook"),
            judged(5, "hook", UNKNOWN),
            new Fact.Replaced(at(6), "deployment 44")),
        row(
            "replaced while it runs: stop it first",
            6,
            new Move.Stop("hook", "dep-1", StopReason.REPLACED, "replaced by deployment 44"),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44")),
        row(
            "replaced and stopped: followed to the end that it has",
            7,
            new Move.Poll("hook", "dep-1"),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.StopSent(at(7), "hook", StopReason.REPLACED, "cancelled at Render")),
        row(
            "replaced and stopped: not stopped once more while it ends",
            9,
            new Move.Wait(at(13)),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.StopSent(at(7), "hook", StopReason.REPLACED, "cancelled at Render"),
            new Fact.Seen(at(8), "hook", "build_in_progress", at(13))),
        row(
            "replaced, stopped and over: superseded, saying what came of it",
            9,
            new Move.Settle(new End.Superseded("Replaced by deployment 44; cancelled at Render")),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.StopSent(at(7), "hook", StopReason.REPLACED, "cancelled at Render"),
            new Fact.Ended(at(9), "hook", new End.Cancelled("canceled"))),
        row(
            "replaced and stopped too late: it went live, and that is the truth",
            9,
            new Move.Settle(LIVE),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.StopSent(at(7), "hook", StopReason.REPLACED, "not stopped: too late"),
            new Fact.Ended(at(9), "hook", LIVE)),
        row(
            "replaced and stopped, but its end is not seen: unknown at the deadline",
            3700,
            new Move.Settle(
                new End.Errored(
                    "Outcome unknown at hook: replaced by deployment 44; no answer, and its end was not seen")),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.StopSent(at(7), "hook", StopReason.REPLACED, "no answer"),
            new Fact.Unseen(at(3600), "hook", "500", at(3700))),
        row(
            "failed by itself before it could be stopped: failed",
            9,
            new Move.Settle(new End.Failed("exit 1")),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.Ended(at(8), "hook", new End.Failed("exit 1"))),
        row(
            "replaced too late: how it ended counts",
            8,
            new Move.Settle(LIVE),
            judged(1, "hook", ACCEPTED),
            new Fact.Replaced(at(6), "deployment 44"),
            new Fact.Ended(at(7), "hook", LIVE)),
        row(
            "cancelled before anything started",
            1,
            new Move.Settle(new End.Cancelled("Cancelled by ann: wrong commit")),
            CANCEL),
        row(
            "cancelled without a reason: who it was is told",
            1,
            new Move.Settle(new End.Cancelled("Cancelled by ann")),
            new Fact.CancelRequested(at(1), "ann", "")),
        row(
            "cancelled after a refusal: the next target is not tried",
            3,
            new Move.Settle(new End.Cancelled("Cancelled by ann: wrong commit")),
            judged(1, "hook", REFUSED),
            CANCEL),
        row(
            "cancelled while busy: surely nothing started",
            3,
            new Move.Settle(new End.Cancelled("Cancelled by ann: wrong commit")),
            intended(0, "hook"),
            new Fact.Busy(at(1), "hook", "429", at(30)),
            CANCEL),
        row(
            "cancelled with an intent and no answer: it may have started",
            60,
            new Move.Conclude("hook", INTERRUPTED),
            intended(0, "hook"),
            CANCEL),
        row(
            "cancelled while unknown: still looked up first",
            6,
            new Move.LookUp("hook"),
            judged(5, "hook", UNKNOWN),
            CANCEL),
        row(
            "cancelled, and surely absent: nothing is started again",
            185,
            new Move.Settle(new End.Cancelled("Cancelled by ann: wrong commit")),
            intended(0, "hook"),
            judged(60, "hook", INTERRUPTED),
            CANCEL,
            looked(180, "hook", new LookupResult.NotThere("no deploy", SOON), 185)),
        row(
            "cancelled while it runs: stop it first",
            6,
            new Move.Stop("hook", "dep-1", StopReason.CANCELLED, "cancelled by ann: wrong commit"),
            judged(1, "hook", ACCEPTED),
            CANCEL),
        row(
            "cancelled and stopped: followed to the end that it has",
            7,
            new Move.Poll("hook", "dep-1"),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            new Fact.StopSent(at(7), "hook", StopReason.CANCELLED, "cancelled at Render")),
        row(
            "cancelled, stopped and over: cancelled, saying what came of it",
            9,
            new Move.Settle(
                new End.Cancelled("Cancelled by ann: wrong commit; cancelled at Render")),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            new Fact.StopSent(at(7), "hook", StopReason.CANCELLED, "cancelled at Render"),
            new Fact.Ended(at(9), "hook", new End.Failed("exit 143"))),
        row(
            "cancelled, and the stop not taken: followed meanwhile",
            7,
            new Move.Poll("hook", "dep-1"),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            notStopped(7, StopReason.CANCELLED, 17)),
        row(
            "cancelled, and the stop not taken: asked again when it is due",
            17,
            new Move.Stop("hook", "dep-1", StopReason.CANCELLED, "cancelled by ann: wrong commit"),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            notStopped(7, StopReason.CANCELLED, 17),
            new Fact.Seen(at(8), "hook", "building", at(18))),
        row(
            "cancelled, and the stop not taken: waits for what is due first",
            9,
            new Move.Wait(at(17)),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            notStopped(7, StopReason.CANCELLED, 17),
            new Fact.Seen(at(8), "hook", "building", at(38))),
        row(
            "cancelled, and the stop not taken until the deadline: unknown",
            3700,
            new Move.Settle(
                new End.Errored(
                    "Outcome unknown at hook: cancelled by ann: wrong commit; not stopped: 500, and its end was not seen")),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            notStopped(7, StopReason.CANCELLED, 17),
            notStopped(3610, StopReason.CANCELLED, 3670),
            new Fact.Unseen(at(3611), "hook", "500", at(3700))),
        row(
            "cancelled by a request whose answer was lost: it was stopped",
            9,
            new Move.Settle(new End.Cancelled("Cancelled by ann: wrong commit; stopped at hook")),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            notStopped(7, StopReason.CANCELLED, 17),
            new Fact.Ended(at(9), "hook", new End.Cancelled("not by Slipway"))),
        row(
            "failed by itself while it was to be stopped: cancelled, saying how it ended",
            9,
            new Move.Settle(new End.Cancelled("Cancelled by ann: wrong commit; build failed")),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            notStopped(7, StopReason.CANCELLED, 17),
            new Fact.Ended(at(9), "hook", new End.Failed("build failed"))),
        row(
            "at the deadline, and the stop not taken: asked again when it is due",
            3612,
            new Move.Stop("hook", "dep-1", StopReason.DEADLINE, "not finished after 1 h"),
            judged(1, "hook", ACCEPTED),
            notStopped(3602, StopReason.DEADLINE, 3612),
            new Fact.Seen(at(3603), "hook", "building", at(3613))),
        row(
            "at the deadline, and the stop not taken for as long as a doubt is looked up: failed",
            4600,
            new Move.Settle(new End.Failed("Not finished after 1 h; not stopped: 500")),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(3580), "hook", "building", at(3600)),
            notStopped(3602, StopReason.DEADLINE, 3612),
            notStopped(4600, StopReason.DEADLINE, 4660)),
        row(
            "stopped at the deadline by a request whose answer was lost: failed",
            3605,
            new Move.Settle(new End.Failed("Not finished after 1 h; stopped at hook")),
            judged(1, "hook", ACCEPTED),
            new Fact.Seen(at(3580), "hook", "building", at(3600)),
            notStopped(3602, StopReason.DEADLINE, 3612),
            new Fact.Ended(at(3605), "hook", new End.Cancelled("not by Slipway"))),
        row(
            "live between two requests to stop it: that is the truth",
            3605,
            new Move.Settle(LIVE),
            judged(1, "hook", ACCEPTED),
            notStopped(3602, StopReason.DEADLINE, 3612),
            new Fact.Ended(at(3605), "hook", LIVE)),
        row(
            "cancelled too late: it went live, and that is the truth",
            9,
            new Move.Settle(LIVE),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            new Fact.StopSent(at(7), "hook", StopReason.CANCELLED, "not stopped: too late"),
            new Fact.Ended(at(9), "hook", LIVE)),
        row(
            "cancelled and stopped, but its end is not seen: unknown at the deadline",
            3700,
            new Move.Settle(
                new End.Errored(
                    "Outcome unknown at hook: cancelled by ann: wrong commit; no answer, and its end was not seen")),
            judged(1, "hook", ACCEPTED),
            CANCEL,
            new Fact.StopSent(at(7), "hook", StopReason.CANCELLED, "no answer"),
            new Fact.Unseen(at(3600), "hook", "500", at(3700))));
  }

  private static Fact notStopped(int second, StopReason reason, int again) {
    return new Fact.StopSent(at(second), "hook", reason, "not stopped: 500", at(again));
  }

  @ParameterizedTest
  @MethodSource("table")
  void the_next_move_follows_from_the_facts(Instant now, List<Fact> log, Move next) {
    assertThat(Plan.next(new PlanInput(now, CHAIN, new RunFacts(log)))).isEqualTo(next);
  }

  @Test
  void a_fact_that_was_kept_twice_counts_once() {
    List<Fact> log =
        List.of(
            intended(0, "hook"),
            intended(0, "hook"),
            judged(60, "hook", INTERRUPTED),
            looked(180, "hook", new LookupResult.NotThere("no deploy", SOON), 185));

    assertThat(Plan.next(new PlanInput(at(185), CHAIN, new RunFacts(log))))
        .isEqualTo(new Move.Start("hook"));
  }

  @Test
  void an_intent_that_was_kept_twice_begins_no_other_attempt() {
    Fact busy = new Fact.Busy(at(1), "hook", "429", at(30));

    RunFacts log =
        new RunFacts(
            List.of(intended(0, "hook"), busy, intended(30, "hook"), intended(30, "hook")));

    assertThat(log.attempt("hook").since())
        .as("what a command's run is named by, and looked up by after a crash")
        .contains(at(0));
  }

  @Test
  void an_empty_chain_ends_at_once() {
    assertThat(Plan.next(new PlanInput(T0, List.of(), RunFacts.EMPTY)))
        .isEqualTo(new Move.Settle(new End.Errored("No target is configured for this route")));
  }

  private static Move follow(int now, Fact... log) {
    AttemptLimits limits =
        new AttemptLimits(
            LIMITS.start(),
            LIMITS.grace(),
            LIMITS.lookup(),
            LIMITS.total(),
            Duration.ofMinutes(30));
    return Plan.next(
        new PlanInput(
            at(now),
            List.of(new ChainEntry("hook", limits, null, "")),
            new RunFacts(List.of(log))));
  }

  private static Fact seen(int s, String phase, int until) {
    return new Fact.Seen(at(s), "hook", phase, at(until));
  }

  private static final Fact GOES = judged(1, "hook", ACCEPTED);
  private static final Move STALLED =
      new Move.Stop("hook", "dep-1", StopReason.NO_PROGRESS, "no progress for 30 m");

  @Test
  void the_same_phase_for_too_long_is_stopped_and_failed() {
    assertThat(follow(1809, GOES, seen(10, "building", 1820))).isEqualTo(new Move.Wait(at(1810)));
    assertThat(follow(1810, GOES, seen(10, "building", 1820))).isEqualTo(STALLED);
    assertThat(
            follow(
                1811,
                GOES,
                seen(10, "building", 20),
                new Fact.StopSent(at(1811), "hook", StopReason.NO_PROGRESS, "cancelled at Render")))
        .isEqualTo(
            new Move.Settle(
                new End.Failed("No progress for 30 m (building); cancelled at Render")));
  }

  @Test
  void a_new_phase_is_progress_and_a_look_that_failed_is_none() {
    assertThat(follow(1815, GOES, seen(10, "building", 20), seen(1800, "live soon", 1820)))
        .isEqualTo(new Move.Wait(at(1820)));
    assertThat(
            follow(
                1815,
                GOES,
                seen(10, "building", 20),
                new Fact.Unseen(at(900), "hook", "500", at(930)),
                seen(930, "building", 1820)))
        .isEqualTo(STALLED);
  }

  @Test
  void what_could_never_be_seen_is_stopped_and_errored() {
    Fact unseen = new Fact.Unseen(at(5), "hook", "500", at(1830));
    assertThat(follow(1801, GOES, unseen)).isEqualTo(STALLED);
    assertThat(
            follow(
                1802,
                GOES,
                unseen,
                new Fact.StopSent(at(1802), "hook", StopReason.NO_PROGRESS, "no answer")))
        .isEqualTo(new Move.Settle(new End.Errored("Could not be followed for 30 m; no answer")));
  }

  @Test
  void after_a_long_absence_it_is_looked_at_before_a_limit_stops_it() {
    assertThat(follow(1900, GOES, seen(10, "building", 20)))
        .isEqualTo(new Move.Poll("hook", "dep-1"));
    assertThat(follow(9000, GOES, seen(10, "building", 20)))
        .isEqualTo(new Move.Poll("hook", "dep-1"));
    assertThat(follow(9000, GOES)).isEqualTo(new Move.Poll("hook", "dep-1"));
    assertThat(follow(9000, GOES, seen(10, "building", 9010)))
        .isEqualTo(new Move.Stop("hook", "dep-1", StopReason.DEADLINE, "not finished after 1 h"));
  }

  @Test
  void no_progress_is_never_allowed_for_longer_than_the_whole() {
    Duration hour = Duration.ofHours(1);
    assertThat(new AttemptLimits(hour, hour, hour, hour, Duration.ofHours(2)).noProgress())
        .isEqualTo(hour);
  }
}
