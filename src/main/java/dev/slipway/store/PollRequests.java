package dev.slipway.store;

import java.util.List;

/**
 * Where something may have happened to a deploy, as providers told. Only a hint: whoever misses one
 * polls at the usual pace.
 */
public final class PollRequests {
  private final Database database;

  public PollRequests(Database database) {
    this.database = database;
  }

  /**
   * A request.
   *
   * @param destination where deploys are to be polled, in the words of their intents
   * @param number later ones have greater numbers
   */
  public record Request(String destination, long number) {}

  /** Asks whoever follows a deploy at this destination to poll it now. */
  public void add(String destination) {
    int _ =
        database.write(
            sql ->
                sql.update(
                    """
                    insert into poll_request (destination, number)
                      select ?, coalesce(max(number), 0) + 1 from poll_request where true
                    on conflict (destination) do update set number = excluded.number
                    """,
                    destination));
    database.notifier().signal(CommitNotifier.QUEUE);
  }

  /** The requests behind a number. */
  public List<Request> after(long number) {
    return database.read(
        sql ->
            sql.list(
                columns -> new Request(columns.text("destination"), columns.number("number")),
                "select destination, number from poll_request where number > ? order by number",
                number));
  }
}
