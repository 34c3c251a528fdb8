package dev.slipway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.Verdict;
import io.micronaut.http.sse.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PageEventsTest {
  private static final String T = "2026-11-21T10:00:00.123Z ";

  private final StoredPage kept = new StoredPage().isTaken();

  @AfterEach
  void close() {
    kept.close();
  }

  private PageEvents feed(long from) {
    return new PageEvents(
        kept.deployments.find(kept.id).orElseThrow().deployment(),
        from,
        kept.source,
        Duration.ofMillis(1));
  }

  private static String next(PageEvents feed) throws InterruptedException {
    Event<String> event = feed.next().orElseThrow();
    return event.getName() + "@" + event.getId();
  }

  private static List<String> names(PageEvents feed) throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (Optional<Event<String>> e = feed.next(); e.isPresent(); e = feed.next()) {
      names.add(e.get().getName());
    }
    return names;
  }

  @Test
  void a_page_is_greeted_at_once_with_what_it_should_show() throws InterruptedException {
    try (PageEvents feed = feed(0)) {
      Event<String> hello = feed.next().orElseThrow();

      assertThat(hello.getName()).isEqualTo("hello");
      assertThat(hello.getId()).isEqualTo("0");
      assertThat(hello.getData()).isEqualTo(kept.view().seen()).isNotEmpty();
    }
  }

  @Test
  void lines_carry_the_offset_after_them() throws InterruptedException {
    String first = T + "eins ü🚀\n";
    kept.writes(first);
    try (PageEvents feed = feed(0)) {
      assertThat(next(feed)).isEqualTo("hello@0");
      Event<String> lines = feed.next().orElseThrow();
      int end = first.length() + 3; // ü has two bytes; the rocket two characters and four bytes
      assertThat(lines.getId()).isEqualTo(Integer.toString(end));
      assertThat(lines.getData()).contains("\"t\":\"eins ü🚀\"").startsWith("[").endsWith("]");

      kept.writes(T + "two\n");
      assertThat(next(feed)).isEqualTo("lines@" + (end + T.length() + 4));
    }
  }

  @Test
  void a_feed_begins_where_it_is_told_to() throws InterruptedException {
    kept.writes(T + "one\n").writes(T + "two\n");
    try (PageEvents feed = feed(T.length() + 4)) {
      assertThat(next(feed)).startsWith("hello");
      assertThat(feed.next().orElseThrow().getData()).contains("two").doesNotContain("one");
    }
  }

  @Test
  void a_change_is_told_once() throws InterruptedException {
    try (PageEvents feed = feed(0)) {
      assertThat(next(feed)).isEqualTo("hello@0");
      kept.has(new Fact.Judged(StoredPage.T0, "render-hook", new Verdict.Skipped("not set")));
      assertThat(next(feed)).isEqualTo("changed@0");
      assertThat(next(feed)).isEqualTo("ping@0");
    }
  }

  @Test
  void a_quiet_feed_pings() throws InterruptedException {
    try (PageEvents feed = feed(0)) {
      assertThat(next(feed)).isEqualTo("hello@0");
      assertThat(next(feed)).isEqualTo("ping@0");
      assertThat(next(feed)).isEqualTo("ping@0");
    }
  }

  @Test
  void the_last_lines_come_before_the_end() throws InterruptedException {
    try (PageEvents feed = feed(0)) {
      assertThat(next(feed)).isEqualTo("hello@0");
      kept.writes(T + "done\n").ends(new End.Succeeded(null, "well")).isPosted().isPosted();

      assertThat(names(feed)).containsExactly("lines", "changed", "end");
      assertThat(feed.next()).isEmpty();
    }
  }

  @Test
  void a_feed_goes_on_while_a_status_waits_for_github() throws InterruptedException {
    kept.ends(new End.Failed("no")).isPosted();
    try (PageEvents feed = feed(0)) {
      assertThat(next(feed)).isEqualTo("hello@0");
      assertThat(next(feed)).isEqualTo("ping@0");
      kept.isPosted();
      assertThat(names(feed)).containsExactly("changed", "end");
    }
  }

  @Test
  void a_feed_ends_when_the_links_are_revoked_and_tells_no_line_more() throws InterruptedException {
    try (PageEvents feed = feed(0)) {
      assertThat(next(feed)).isEqualTo("hello@0");
      assertThat(kept.deployments.revokeLinks(kept.id, kept.linksRevoked())).isTrue();
      kept.writes(T + "not for you\n");

      assertThat(names(feed)).isEmpty();
    }
  }

  @Test
  void a_page_of_an_ended_deployment_hears_so_at_once() throws InterruptedException {
    kept.writes(T + "done\n").ends(new End.Failed("no")).isPosted().isPosted();
    try (PageEvents feed = feed(T.length() + 5)) {
      assertThat(names(feed)).containsExactly("hello", "end");
    }
  }

  @Test
  void an_offset_beyond_the_log_is_no_error() throws InterruptedException {
    kept.writes(T + "done\n").ends(new End.Failed("no")).isPosted().isPosted();
    try (PageEvents feed = feed(999_999_999_999L)) {
      assertThat(names(feed)).containsExactly("hello", "end");
    }
  }
}
