package dev.slipway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody may ask to be explained. */
class SubjectTest {
  @Test
  void a_number_is_ours_unless_it_is_said_to_be_githubs() {
    assertThat(Subject.parse("7", Optional.empty())).contains(new Subject.OurDeployment(7));
    assertThat(Subject.parse("github:7", Optional.empty()))
        .contains(new Subject.GithubsDeployment(7, Optional.empty()));
    assertThat(Subject.parse("0b989ba4-242f-11e5-81e1-c7b6966d2516", Optional.empty()))
        .contains(new Subject.Delivery("0b989ba4-242f-11e5-81e1-c7b6966d2516"));
    assertThat(Subject.parse("reconcile-7", Optional.empty()))
        .contains(new Subject.Delivery("reconcile-7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "github:", "github:x", "$(id)", "é"})
  void what_is_no_name_of_anything_is_not_asked_about(String text) {
    assertThat(Subject.parse(text, Optional.empty())).isEqualTo(Optional.empty());
  }
}
