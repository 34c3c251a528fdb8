package dev.slipway.store;

import static dev.slipway.store.ManyDeployments.T0;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceivedCallbacksTest {
  @ParameterizedTest
  @EnumSource
  void the_first_callback_of_an_attempt_stays(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = ManyDeployments.accept(database, ManyDeployments.deployment(1), "queue");
      ReceivedCallbacks callbacks = new ReceivedCallbacks(database);
      assertThat(callbacks.find(id, "1-1-http")).isEmpty();

      assertThat(callbacks.record(id, "1-1-http", "first\0", T0))
          .isEqualTo(ReceivedCallbacks.Recording.RECORDED);
      assertThat(callbacks.record(id, "1-1-http", "second", T0))
          .isEqualTo(ReceivedCallbacks.Recording.REPEATED);
      assertThat(callbacks.record(id, "1-2-http", "of a retry", T0))
          .isEqualTo(ReceivedCallbacks.Recording.RECORDED);

      assertThat(callbacks.find(id, "1-1-http")).contains("first\uFFFD");
      assertThat(callbacks.find(id, "1-2-http")).contains("of a retry");
    }
  }

  @ParameterizedTest
  @EnumSource
  void no_callback_is_kept_of_a_deployment_that_is_not_there(TestDatabases kind) {
    try (Database database = kind.open()) {
      assertThat(new ReceivedCallbacks(database).record(9, "9-1-http", "late", T0))
          .isEqualTo(ReceivedCallbacks.Recording.NO_DEPLOYMENT);
    }
  }
}
