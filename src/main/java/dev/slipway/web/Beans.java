package dev.slipway.web;

import io.micronaut.context.BeanContext;
import io.micronaut.context.exceptions.BeanInstantiationException;

/** The framework's beans, as the program that starts and stops them asks for them. */
public final class Beans {
  private final BeanContext context;

  Beans(BeanContext context) {
    this.context = context;
  }

  /** Adds a bean that no factory makes. */
  public void add(Object bean) {
    BeanContext _ = context.registerSingleton(bean);
  }

  /**
   * The bean of this type, which is made now if it is asked for the first time. What the making
   * throws comes as it was thrown: the framework wraps it, and a start that fails because the
   * database is gone says so.
   */
  public <T> T get(Class<T> type) {
    try {
      return context.getBean(type);
    } catch (BeanInstantiationException e) {
      Throwable cause = e;
      while (cause instanceof BeanInstantiationException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException own ? own : e;
    }
  }
}
