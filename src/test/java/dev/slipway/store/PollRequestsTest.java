package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PollRequestsTest {
  @ParameterizedTest
  @EnumSource
  void a_later_request_has_a_greater_number_and_each_destination_one_row(TestDatabases kind) {
    try (Database database = kind.open()) {
      PollRequests requests = new PollRequests(database);
      requests.add("one");
      requests.add("two");
      requests.add("one");

      assertThat(requests.after(0))
          .containsExactly(new PollRequests.Request("two", 2), new PollRequests.Request("one", 3));
      assertThat(requests.after(2)).containsExactly(new PollRequests.Request("one", 3));
      assertThat(requests.after(3)).isEmpty();
    }
  }
}
