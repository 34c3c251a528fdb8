package dev.slipway.store;

import dev.slipway.model.CommandHost;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.StopReason;
import dev.slipway.model.Verdict;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A fact as the columns that keep it. */
record FactRow(
    Instant at,
    String kind,
    @Nullable String target,
    @Nullable String code,
    @Nullable String note,
    @Nullable String ref,
    @Nullable Instant until,
    @Nullable String boot) {

  static FactRow of(Fact fact) {
    return switch (fact) {
      case Fact.Intended f -> intended(f, f.host());
      case Fact.Detached f -> row(f, "detached", null, f.reason(), null, null);
      case Fact.Held f -> new FactRow(f.at(), "held", null, null, f.reason(), null, null, null);
      case Fact.HostAway f -> row(f, "away", null, f.host(), null, null);
      case Fact.Busy f -> row(f, "busy", null, f.reason(), null, f.until());
      case Fact.Judged f -> judged(f, f.verdict());
      case Fact.LookedUp f -> lookedUp(f, f.result());
      case Fact.Seen f -> row(f, "seen", null, f.phase(), null, f.until());
      case Fact.Unseen f -> row(f, "unseen", null, f.reason(), null, f.until());
      case Fact.StopSent f -> row(f, "stopped", f.reason().code(), f.outcome(), null, f.until());
      case Fact.Ended f -> ended(f, f.end());
      case Fact.Checked f -> checked(f, f.result());
      case Fact.Replaced f -> new FactRow(f.at(), "replaced", null, null, f.by(), null, null, null);
      case Fact.CancelRequested f ->
          new FactRow(f.at(), "cancel_requested", null, null, f.reason(), f.by(), null, null);
    };
  }

  private static FactRow row(
      Fact.OfTarget fact,
      String kind,
      @Nullable String word,
      @Nullable String note,
      @Nullable String ref,
      @Nullable Instant until) {
    return new FactRow(fact.at(), kind, fact.target(), word, note, ref, until, null);
  }

  private static FactRow intended(Fact.Intended fact, @Nullable CommandHost place) {
    return new FactRow(
        fact.at(),
        "intended",
        fact.target(),
        fact.destination(),
        place == null ? null : place.name(),
        place == null ? null : place.id(),
        fact.at().plus(fact.total()),
        place == null ? null : place.boot());
  }

  private static FactRow judged(Fact.Judged fact, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped v -> row(fact, "judged", "skipped", v.reason(), null, null);
      case Verdict.Refused v -> row(fact, "judged", "refused", v.reason(), null, null);
      case Verdict.Unknown v ->
          row(fact, "judged", v.interrupted() ? "interrupted" : "unknown", v.reason(), null, null);
      case Verdict.Accepted v -> row(fact, "judged", "accepted", v.reason(), v.id(), null);
    };
  }

  private static FactRow lookedUp(Fact.LookedUp fact, LookupResult result) {
    return switch (result) {
      case LookupResult.Found f -> row(fact, "looked", "found", f.reason(), f.id(), fact.until());
      case LookupResult.NotThere f ->
          row(fact, "looked", "not_there", f.reason(), null, fact.until());
      case LookupResult.Unreachable f ->
          row(fact, "looked", "unreachable", f.reason(), null, fact.until());
      case LookupResult.CannotKnow f ->
          row(fact, "looked", "cannot_know", f.reason(), null, fact.until());
    };
  }

  private static FactRow ended(Fact.Ended fact, End end) {
    URI url = end.environmentUrl();
    return row(
        fact, "ended", end.kind().code(), end.reason(), url == null ? null : url.toString(), null);
  }

  private static FactRow checked(Fact.Checked fact, LiveCheckResult result) {
    String code =
        switch (result) {
          case LiveCheckResult.Passed _ -> "passed";
          case LiveCheckResult.NotYet _ -> "not_yet";
        };
    return row(fact, "checked", code, result.seen(), null, fact.until());
  }

  static FactRow of(Sql.Columns columns) throws SQLException {
    return new FactRow(
        columns.instant("at"),
        columns.text("kind"),
        columns.optionalText("target"),
        columns.optionalText("code"),
        columns.optionalText("note"),
        columns.optionalText("ref"),
        columns.optionalInstant("until_at"),
        columns.optionalText("boot"));
  }

  /** The fact; empty if another version wrote it and this one has no word for it. */
  static Optional<Fact> readable(Sql.Columns columns) throws SQLException {
    FactRow row = of(columns);
    try {
      return Optional.of(row.fact());
    } catch (RuntimeException unknown) {
      return Optional.empty();
    }
  }

  Fact fact() {
    return switch (kind) {
      case "intended" ->
          new Fact.Intended(
              at,
              there(target),
              ref == null ? null : new CommandHost(ref, there(note), boot),
              there(code),
              Duration.between(at, there(until)));
      case "detached" -> new Fact.Detached(at, there(target), there(note));
      case "held" -> new Fact.Held(at, there(note));
      case "away" -> new Fact.HostAway(at, there(target), there(note));
      case "busy" -> new Fact.Busy(at, there(target), there(note), there(until));
      case "judged" -> new Fact.Judged(at, there(target), verdict());
      case "looked" -> new Fact.LookedUp(at, there(target), result(), there(until));
      case "seen" -> new Fact.Seen(at, there(target), there(note), there(until));
      case "unseen" -> new Fact.Unseen(at, there(target), there(note), there(until));
      case "stopped" ->
          new Fact.StopSent(at, there(target), StopReason.of(there(code)), there(note), until);
      case "ended" ->
          new Fact.Ended(
              at,
              there(target),
              End.of(End.Kind.of(there(code)), there(note), ref == null ? null : URI.create(ref)));
      case "checked" -> new Fact.Checked(at, there(target), liveCheckResult(), there(until));
      case "replaced" -> new Fact.Replaced(at, there(note));
      case "cancel_requested" -> new Fact.CancelRequested(at, there(ref), there(note));
      default -> throw new IllegalStateException("unknown fact in the database: " + kind);
    };
  }

  private Verdict verdict() {
    return switch (there(code)) {
      case "skipped" -> new Verdict.Skipped(there(note));
      case "refused" -> new Verdict.Refused(there(note));
      case "unknown" -> new Verdict.Unknown(there(note));
      case "interrupted" -> new Verdict.Unknown(there(note), true);
      case "accepted" -> new Verdict.Accepted(there(ref), there(note));
      default -> throw new IllegalStateException("unknown verdict in the database: " + code);
    };
  }

  private LookupResult result() {
    Duration again = Duration.between(at, there(until));
    return switch (there(code)) {
      case "found" -> new LookupResult.Found(there(ref), there(note));
      case "not_there" -> new LookupResult.NotThere(there(note), again);
      case "unreachable" -> new LookupResult.Unreachable(there(note), again);
      case "cannot_know" -> new LookupResult.CannotKnow(there(note));
      default -> throw new IllegalStateException("unknown lookup result in the database: " + code);
    };
  }

  private LiveCheckResult liveCheckResult() {
    return switch (there(code)) {
      case "passed" -> new LiveCheckResult.Passed(there(note));
      case "not_yet" -> new LiveCheckResult.NotYet(there(note), Duration.between(at, there(until)));
      default -> throw new IllegalStateException("unknown check result in the database: " + code);
    };
  }

  private static <T> T there(@Nullable T column) {
    return Objects.requireNonNull(column, "a column of a fact is missing");
  }
}
