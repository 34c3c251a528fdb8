package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Lists of GitHub's that begin with the newest, read as far back as they matter. */
final class PagedList {
  private static final int MOST = 10;

  private PagedList() {}

  /**
   * The items of a list.
   *
   * @param isComplete whether nothing that matters was left out
   * @param next the page to continue with another time, when there is more than is read at once
   * @param isUnavailable whether GitHub accepts no more calls of any kind
   */
  record Items(List<JsonNode> all, boolean isComplete, Optional<URI> next, boolean isUnavailable) {
    Items {
      all = List.copyOf(all);
    }
  }

  /** Reads the page at this address, with the credential for its list. */
  interface PageReader {
    ReadResult read(URI next) throws InterruptedException;
  }

  /**
   * Reads on from the first page until an item is older.
   *
   * @param time the field with an item's time
   */
  static Items readBackTo(PageReader pages, ReadResult.Page first, String time, Instant oldest)
      throws InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    ReadResult.Page page = first;
    for (int read = 1; ; read++) {
      page.json().forEach(all::add);
      Optional<URI> next = page.next();
      if (next.isEmpty() || all.isEmpty() || timestamp(all.getLast(), time).isBefore(oldest)) {
        return new Items(all, true, Optional.empty(), false);
      }
      if (read == MOST) {
        return new Items(all, false, next, false);
      }
      ReadResult more = pages.read(next.get());
      if (!(more instanceof ReadResult.Page good)) {
        return new Items(all, false, next, isUnavailable(more));
      }
      page = good;
    }
  }

  /** Whether any other call would fail as well. */
  static boolean isUnavailable(ReadResult result) {
    return result instanceof ReadResult.RetryLater later && later.forAll();
  }

  /** A time of GitHub's; the beginning of time where there is none. */
  static Instant timestamp(JsonNode item, String field) {
    try {
      return OffsetDateTime.parse(item.path(field).asString("")).toInstant();
    } catch (DateTimeException malformed) {
      return Instant.EPOCH;
    }
  }
}
