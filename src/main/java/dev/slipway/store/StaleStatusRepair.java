package dev.slipway.store;

import java.sql.SQLException;
import java.time.Instant;

/**
 * Posts the newest status again after GitHub has got an older one for a second time. The last
 * status counts at GitHub, and a poster that was frozen right before its post may come late.
 */
final class StaleStatusRepair {
  private StaleStatusRepair() {}

  /**
   * Adds the last status once more, unless it is this one, or one waits anyway.
   *
   * @param githubId the id under which GitHub has got the late one
   */
  static int repostNewest(Sql sql, ClaimedStatus late, long githubId, Instant now)
      throws SQLException {
    return sql.update(
        """
        insert into status (deployment_id, run, state, description, environment_url, created_at,
          fence, in_doubt)
        select l.deployment_id, l.run, l.state, l.description, l.environment_url, ?, 0, 0
        from status l join status s on s.deployment_id = l.deployment_id
        where s.id = ? and s.github_id <> ? and l.id > s.id and l.posted_at is not null
          and not exists (select 1 from status n where n.deployment_id = l.deployment_id
            and n.id > l.id and n.given_up_at is null)
        """,
        now,
        late.id(),
        githubId);
  }
}
