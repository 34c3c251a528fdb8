package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.BeanContext;
import io.micronaut.context.RuntimeBeanDefinition;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BeansTest {
  private record Part() {}

  private record Whole(Part part) {}

  private static <T> void define(BeanContext context, Class<T> type, Supplier<T> making) {
    var _ =
        context.registerBeanDefinition(
            RuntimeBeanDefinition.builder(type, making).singleton(true).build());
  }

  @Test
  void what_the_making_of_a_bean_throws_comes_as_it_was_thrown_however_deep() {
    RuntimeException gone = new IllegalStateException("the database is gone");
    try (ApplicationContext context =
        ApplicationContext.builder().deduceEnvironment(false).start()) {
      define(
          context,
          Part.class,
          () -> {
            throw gone;
          });
      define(context, Whole.class, () -> new Whole(context.getBean(Part.class)));
      Beans beans = new Beans(context);

      assertThatThrownBy(() -> beans.get(Part.class)).isSameAs(gone);
      assertThatThrownBy(() -> beans.get(Whole.class)).isSameAs(gone);
    }
  }
}
