package dev.slipway.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SetupLinksTest {
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private SetupLinks links;

  @BeforeEach
  void set_up() {
    links = new SetupLinks(() -> "https://deploy.example.com", () -> now);
  }

  private String key() {
    return links.create().replaceFirst("^https://deploy.example.com/setup/github/", "");
  }

  @Test
  void nothing_opens_before_there_is_a_link() {
    assertThat(links.opens("")).isFalse();
    assertThat(links.takeState("")).isFalse();
    assertThat(links.takeState(links.state())).isFalse();
  }

  @Test
  void a_link_opens_for_an_hour_or_until_it_has_served() {
    String key = key();
    assertThat(key).matches("[\\w-]{43}");
    assertThat(links.opens(key)).isTrue();
    assertThat(links.opens(key + "x")).isFalse();
    now = now.plusSeconds(3599);
    assertThat(links.opens(key)).isTrue();
    now = now.plusSeconds(1);
    assertThat(links.opens(key)).isFalse();

    String another = key();
    assertThat(links.opens(another)).isTrue();
    links.end();
    assertThat(links.opens(another)).isFalse();
    assertThat(links.takeState(links.state())).isFalse();
  }

  @Test
  void a_new_link_ends_the_one_before() {
    String first = key();
    String state = links.state();
    String second = key();

    assertThat(links.opens(first)).isFalse();
    assertThat(links.takeState(state)).isFalse();
    assertThat(links.opens(second)).isTrue();
  }

  @Test
  void what_github_sends_back_is_good_for_one_try() {
    String key = key();
    String state = links.state();

    assertThat(links.takeState(key)).isFalse();
    assertThat(links.takeState(state)).isTrue();
    assertThat(links.takeState(state)).isFalse();
    assertThat(links.opens(key)).isTrue();
    assertThat(links.takeState(links.state())).isTrue();
  }
}
