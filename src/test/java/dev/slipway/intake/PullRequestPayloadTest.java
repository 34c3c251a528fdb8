package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullRequestPayloadTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"pull_request": 12}                | 12
          {"pull_request": "12"}              | 12
          {"pr": "#12"}                       | 12
          {"pr_number": 12, "pr": null}       | 12
          {"pull_request": {"number": 12}}    | 12
          {"pull_request_number": 12}         | 12
          "{\\"pr\\": 12}"                    | 12
          {"web": {"pr": 12}}                 |
          {"pr": 0}                           |
          {"pr": -1}                          |
          {"pr": 1.5}                         |
          {"pr": "twelve"}                    |
          {"pr": "99999999999999999999"}      |
          {"pr": [12]}                        |
          {"text": "pr: 12"}                  |
          {                                   |
          just text                           |
          {}                                  |
          """)
  void a_number_is_read_from_the_payload_of_a_deployment(String payload, @Nullable Long number) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 1, "octo/hello"),
            1L,
            null,
            "main",
            new Environment("web", true, false),
            "deploy",
            payload,
            "",
            "mia",
            Instant.EPOCH);

    assertThat(PullRequestPayload.number(deployment)).isEqualTo(Optional.ofNullable(number));
  }
}
