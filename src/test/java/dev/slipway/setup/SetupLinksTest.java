package dev.slipway.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
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
    return links.create("github.com").replaceFirst("^https://deploy.example.com/setup/github/", "");
  }

  private Optional<String> hostOf(String key) {
    return links.open(key).map(SetupLinks.Opened::host);
  }

  private String stateOf(String key) {
    return links.open(key).orElseThrow().state();
  }

  @Test
  void nothing_opens_before_there_is_a_link() {
    assertThat(links.open("")).isEmpty();
    assertThat(links.takeState("")).isEmpty();
  }

  @Test
  void a_link_opens_for_an_hour_or_until_it_has_served() {
    String key = key();
    assertThat(key).matches("[\\w-]{43}");
    assertThat(hostOf(key)).contains("github.com");
    assertThat(links.open(key + "x")).isEmpty();
    now = now.plusSeconds(3599);
    assertThat(hostOf(key)).contains("github.com");
    now = now.plusSeconds(1);
    assertThat(links.open(key)).isEmpty();

    String another = key();
    String state = stateOf(another);
    links.end();
    assertThat(links.open(another)).isEmpty();
    assertThat(links.takeState(state)).isEmpty();
  }

  @Test
  void a_new_link_ends_the_one_before() {
    String first = key();
    String state = stateOf(first);
    String second = key();

    assertThat(links.open(first)).isEmpty();
    assertThat(links.takeState(state)).isEmpty();
    assertThat(hostOf(second)).contains("github.com");
    assertThat(stateOf(second)).isNotEqualTo(state);
  }

  @Test
  void what_github_sends_back_is_good_for_one_try() {
    String key = key();
    String state = stateOf(key);

    assertThat(links.takeState(key)).isEmpty();
    assertThat(links.takeState(state)).contains("github.com");
    assertThat(links.takeState(state)).isEmpty();
    assertThat(hostOf(key)).contains("github.com");
    assertThat(links.takeState(stateOf(key))).contains("github.com");
  }
}
