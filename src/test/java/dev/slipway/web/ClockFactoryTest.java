package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.time.SystemTime;
import io.micronaut.context.ApplicationContext;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ClockFactoryTest {
  @Test
  void controllers_get_the_clock_of_all_other_parts_and_not_the_frameworks() {
    SystemTime time = new SystemTime();
    try (ApplicationContext context =
        ApplicationContext.builder().deduceEnvironment(false).singletons(time).start()) {
      assertThat(context.getBean(InstantSource.class)).isSameAs(time);
    }
  }
}
