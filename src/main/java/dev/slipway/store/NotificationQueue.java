package dev.slipway.store;

import dev.slipway.model.GithubState;
import dev.slipway.model.WebhookSubscription;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The notifications of one deployment that wait for one outgoing webhook. Its row in {@code
 * notification_queue} is there while any waits. Whoever adds to it, claims its first or changes
 * what became of one holds that row, so that none is overlooked.
 */
record NotificationQueue(Sql sql, long deployment, String webhook) {
  /** Adds a notification of this status for each webhook that wants it. */
  static void add(Sql sql, long deployment, int run, long status, GithubState state, Instant now)
      throws SQLException {
    List<WebhookSubscription> interested =
        sql.subscriptions().stream().filter(subscription -> subscription.wants(state)).toList();
    if (interested.isEmpty()) {
      return;
    }
    record Place(String repository, String environment, String route) {}
    Place place =
        sql.first(
                columns ->
                    new Place(
                        columns.text("repository"),
                        columns.text("environment"),
                        columns.text("route")),
                """
                select d.repository, d.environment, coalesce(r.route, '') as route
                from deployment d left join run r on r.deployment_id = d.id and r.number = ?
                where d.id = ?
                """,
                run,
                deployment)
            .orElseThrow();
    for (WebhookSubscription subscription : interested) {
      if (subscription.wants(place.repository(), place.environment(), place.route())) {
        new NotificationQueue(sql, deployment, subscription.webhook()).add(status, now);
      }
    }
  }

  private void add(long status, Instant now) throws SQLException {
    long id =
        sql.updateReturning(
            """
            insert into notification (webhook, deployment_id, status_id, event_id, created_at,
              failures, fence)
            values (?, ?, ?, ?, ?, 0, 0) returning id
            """,
            webhook,
            deployment,
            status,
            UUID.randomUUID().toString(),
            now);
    sql.update(
        """
        insert into notification_queue (deployment_id, webhook, notification_id, waiting, due_at)
        values (?, ?, ?, 1, ?)
        on conflict (deployment_id, webhook)
          do update set waiting = notification_queue.waiting + 1
        """,
        deployment,
        webhook,
        id,
        now);
  }

  /**
   * Makes sure that there is a row, and holds it.
   *
   * @param first the notification that waits, if no other does
   */
  void open(long first, Instant now) throws SQLException {
    sql.update(
        """
        insert into notification_queue (deployment_id, webhook, notification_id, waiting, due_at)
        values (?, ?, ?, 0, ?)
        on conflict (deployment_id, webhook) do update set waiting = notification_queue.waiting
        """,
        deployment,
        webhook,
        first,
        now);
  }

  /** Holds the row by a write that changes nothing, as SQLite knows no other way. */
  void lock() throws SQLException {
    sql.update(
        "update notification_queue set waiting = waiting where deployment_id = ? and webhook = ?",
        deployment,
        webhook);
  }

  /** The notification that a sender has in hand; 0 when none has. */
  long claimed() throws SQLException {
    return sql.number(
        "select notification_id from notification_queue"
            + " where deployment_id = ? and webhook = ? and claimed_until is not null",
        deployment,
        webhook);
  }

  void claim(long until) throws SQLException {
    sql.update(
        "update notification_queue set claimed_until = ? where deployment_id = ? and webhook = ?",
        until,
        deployment,
        webhook);
  }

  /** Ends the claim on the first. */
  void free() throws SQLException {
    sql.update(
        "update notification_queue set claimed_until = null"
            + " where deployment_id = ? and webhook = ?",
        deployment,
        webhook);
  }

  private record Waiting(long first, long number) {}

  /**
   * Brings the row up to date after a change of the notifications, and ends the claim. Removes it
   * when none waits.
   *
   * @param postponed the notification that may not be sent before {@code due}; any other that is
   *     first is due now
   */
  void update(long postponed, Instant due, Instant now) throws SQLException {
    Waiting left =
        sql.first(
                columns -> new Waiting(columns.number("first"), columns.number("number")),
                """
                select coalesce(min(id), 0) as first, count(*) as number from notification
                where deployment_id = ? and webhook = ?
                  and delivered_at is null and given_up_at is null
                """,
                deployment,
                webhook)
            .orElseThrow();
    if (left.number() == 0) {
      sql.update(
          "delete from notification_queue where deployment_id = ? and webhook = ?",
          deployment,
          webhook);
    } else {
      sql.update(
          """
          update notification_queue set notification_id = ?, waiting = ?, due_at = ?,
            claimed_until = null
          where deployment_id = ? and webhook = ?
          """,
          left.first(),
          left.number(),
          left.first() == postponed ? due : now,
          deployment,
          webhook);
    }
  }
}
