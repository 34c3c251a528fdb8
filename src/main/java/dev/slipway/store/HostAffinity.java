package dev.slipway.store;

import dev.slipway.model.Fact;
import dev.slipway.model.Verdict;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps with a run where its command may be, for as long as there may be one, and whether the
 * configuration still leads there.
 */
final class HostAffinity {
  private HostAffinity() {}

  static void record(Sql sql, long runId, List<Fact> news) throws SQLException {
    for (Fact fact : news) {
      switch (fact) {
        case Fact.Intended intended ->
            sql.update(
                "update run set command_host = ? where id = ?",
                intended.host() == null ? null : intended.host().id(),
                runId);
        case Fact.Detached detached ->
            sql.update("update run set detached_at = ? where id = ?", detached.at(), runId);
        case Fact.Seen _, Fact.Unseen _, Fact.Ended _ -> clearDetached(sql, runId);
        case Fact.Judged judged when startedNothing(judged.verdict()) -> clearHost(sql, runId);
        case Fact.Busy _ -> clearHost(sql, runId);
        case Fact.Judged _,
            Fact.LookedUp _,
            Fact.HostAway _,
            Fact.Held _,
            Fact.StopSent _,
            Fact.Checked _,
            Fact.StopRequested _ -> {}
      }
    }
  }

  private static boolean startedNothing(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped _, Verdict.Refused _ -> true;
      case Verdict.Unknown _, Verdict.Accepted _ -> false;
    };
  }

  private static void clearDetached(Sql sql, long runId) throws SQLException {
    sql.update("update run set detached_at = null where id = ? and detached_at is not null", runId);
  }

  private static void clearHost(Sql sql, long runId) throws SQLException {
    sql.update(
        "update run set command_host = null where id = ? and command_host is not null", runId);
  }
}
