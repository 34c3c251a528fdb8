package dev.slipway.api;

import dev.slipway.model.Caller;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Hands controllers the caller whom {@link ApiGuard} let in. */
@Singleton
final class CallerBinder implements TypedRequestArgumentBinder<Caller> {
  private static final String ATTRIBUTE = "slipway.caller";

  static void keep(HttpRequest<?> request, Caller caller) {
    request.setAttribute(ATTRIBUTE, caller);
  }

  @Override
  public Argument<Caller> argumentType() {
    return Argument.of(Caller.class);
  }

  @Override
  public BindingResult<Caller> bind(
      ArgumentConversionContext<Caller> context, HttpRequest<?> source) {
    Optional<Caller> caller = source.getAttribute(ATTRIBUTE, Caller.class);
    return () -> caller;
  }
}
