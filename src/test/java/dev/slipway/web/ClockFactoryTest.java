package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.time.SystemTime;
import dev.slipway.time.Time;
import io.micronaut.context.ApplicationContext;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ClockFactoryTest {
  @Test
  void controllers_get_the_clock_of_all_other_parts_and_not_the_frameworks() {
    try (ApplicationContext context =
        ApplicationContext.builder().deduceEnvironment(false).start()) {
      SystemTime time = context.getBean(SystemTime.class);
      assertThat(context.getBean(InstantSource.class)).isSameAs(time);
      assertThat(context.getBean(Time.class)).isSameAs(time);
    }
  }
}
