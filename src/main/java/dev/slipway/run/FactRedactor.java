package dev.slipway.run;

import dev.slipway.model.CleanText;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Removes secrets from facts before they are stored: a provider's error or a command's description
 * may quote one, and facts become statuses on GitHub; long texts are cut. Ids stay as they are, for
 * without them nothing could be followed.
 */
final class FactRedactor {
  /** A command may say as much as its answer file holds. */
  private static final int LONGEST = 1000;

  private final Redactor redactor;

  FactRedactor(Redactor redactor) {
    this.redactor = redactor;
  }

  Fact clean(Fact fact) {
    return switch (fact) {
      case Fact.Intended intended -> intended;
      case Fact.Replaced f -> f;
      case Fact.CancelRequested f -> new Fact.CancelRequested(f.at(), f.by(), clean(f.reason()));
      case Fact.Held f -> new Fact.Held(f.at(), clean(f.reason()));
      case Fact.HostAway away -> away;
      case Fact.Detached detached -> detached;
      case Fact.Busy f -> new Fact.Busy(f.at(), f.target(), clean(f.reason()), f.until());
      case Fact.Judged f -> new Fact.Judged(f.at(), f.target(), clean(f.verdict()));
      case Fact.LookedUp f -> new Fact.LookedUp(f.at(), f.target(), clean(f.result()), f.until());
      case Fact.Seen f -> new Fact.Seen(f.at(), f.target(), clean(f.phase()), f.until());
      case Fact.Unseen f -> new Fact.Unseen(f.at(), f.target(), clean(f.reason()), f.until());
      case Fact.StopSent f ->
          new Fact.StopSent(f.at(), f.target(), f.reason(), clean(f.outcome()), f.until());
      case Fact.Checked f -> new Fact.Checked(f.at(), f.target(), clean(f.result()), f.until());
      case Fact.Ended f -> new Fact.Ended(f.at(), f.target(), clean(f.end()));
    };
  }

  private Verdict clean(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped(String reason) -> new Verdict.Skipped(clean(reason));
      case Verdict.Refused(String reason) -> new Verdict.Refused(clean(reason));
      case Verdict.Unknown(String reason, boolean interrupted) ->
          new Verdict.Unknown(clean(reason), interrupted);
      case Verdict.Accepted(String id, String reason) -> new Verdict.Accepted(id, clean(reason));
    };
  }

  private LookupResult clean(LookupResult result) {
    return switch (result) {
      case LookupResult.Found(String id, String reason) ->
          new LookupResult.Found(id, clean(reason));
      case LookupResult.NotThere(String reason, var again) ->
          new LookupResult.NotThere(clean(reason), again);
      case LookupResult.Unreachable(String reason, var again) ->
          new LookupResult.Unreachable(clean(reason), again);
      case LookupResult.CannotKnow(String reason) -> new LookupResult.CannotKnow(clean(reason));
    };
  }

  private LiveCheckResult clean(LiveCheckResult result) {
    return switch (result) {
      case LiveCheckResult.Passed(String seen) -> new LiveCheckResult.Passed(clean(seen));
      case LiveCheckResult.NotYet(String seen, var again) ->
          new LiveCheckResult.NotYet(clean(seen), again);
    };
  }

  private End clean(End end) {
    return switch (end) {
      case End.Succeeded(URI url, String reason) -> new End.Succeeded(clean(url), clean(reason));
      case End.Failed(String reason) -> new End.Failed(clean(reason));
      case End.Errored(String reason) -> new End.Errored(clean(reason));
      case End.Cancelled(String reason) -> new End.Cancelled(clean(reason));
      case End.Superseded(String reason) -> new End.Superseded(clean(reason));
      case End.Destroyed(String reason) -> new End.Destroyed(clean(reason));
    };
  }

  /** An address with a hole in it leads nowhere, so one that holds a secret is dropped. */
  private @Nullable URI clean(@Nullable URI url) {
    return url == null || redactor.redact(url.toString()).hidden() > 0 ? null : url;
  }

  private String clean(String text) {
    return CleanText.cut(redactor.redact(text).text(), LONGEST);
  }
}
