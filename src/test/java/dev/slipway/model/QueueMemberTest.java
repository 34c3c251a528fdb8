package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How those before one in a queue are named to who waits there. */
class QueueMemberTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          octo/hello | production | deployment 41
          Octo/Hello | production | deployment 41
          octo/hello | staging    | deployment 41 of octo/hello to production
          octo/other | production | another repository's deployment
          octo/other | staging    | another repository's deployment
          """)
  void who_waits_is_told_of_no_other_repository(
      String repository, String environment, String name) {
    QueueMember first = new QueueMember(1, 2, 1, 41L, "octo/hello", "production");

    assertThat(first.nameBeside(repository, environment)).isEqualTo(name);
  }
}
