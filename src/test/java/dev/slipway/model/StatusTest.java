package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTest {
  @Test
  void a_description_is_cut_by_code_point_and_never_in_the_middle_of_a_character() {
    String rockets = "🚀".repeat(200);

    String cut = new Status(GithubState.ERROR, rockets).description();

    assertThat(cut.codePointCount(0, cut.length())).isEqualTo(Status.LONGEST_DESCRIPTION);
    assertThat(cut).startsWith("🚀").endsWith("…");
    assertThat(cut.chars().filter(c -> Character.isSurrogate((char) c)).count()).isEqualTo(139 * 2);
  }

  @Test
  void a_description_of_exactly_140_is_left_alone() {
    String text = "é".repeat(140);
    assertThat(new Status(GithubState.ERROR, text).description()).isEqualTo(text);
  }

  @Test
  void a_description_has_no_control_characters() {
    assertThat(new Status(GithubState.ERROR, " a\u001b[31m\r\nb\tc ").description())
        .isEqualTo("a [31m b c");
  }

  @Test
  void every_end_has_its_state_on_github() {
    URI url = URI.create("https://x.example");
    assertThat(Status.of(new End.Succeeded(url, "live")))
        .isEqualTo(new Status(GithubState.SUCCESS, "live", url));
    assertThat(Status.of(new End.Failed("f")).state()).isEqualTo(GithubState.FAILURE);
    assertThat(Status.of(new End.Errored("e")).state()).isEqualTo(GithubState.ERROR);
    assertThat(Status.of(new End.Cancelled("c")).state()).isEqualTo(GithubState.INACTIVE);
    assertThat(Status.of(new End.Superseded("s")).state()).isEqualTo(GithubState.INACTIVE);
  }

  @Test
  void github_spells_its_states_in_lower_case() {
    assertThat(List.of(GithubState.values()))
        .extracting(GithubState::code)
        .containsExactly("queued", "in_progress", "success", "failure", "error", "inactive");
  }
}
