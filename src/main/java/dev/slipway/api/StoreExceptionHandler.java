package dev.slipway.api;

import dev.slipway.problem.Problem;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/** Answers requests for which the database could not be read or written. */
@Singleton
final class StoreExceptionHandler implements ExceptionHandler<StoreException, HttpResponse<?>> {
  private final ErrorResponseProcessor<?> pages;

  StoreExceptionHandler(ErrorResponseProcessor<?> pages) {
    this.pages = pages;
  }

  /** People's pages get the framework's own page. */
  @Override
  @SuppressWarnings("rawtypes") // as the framework declares it
  public HttpResponse<?> handle(HttpRequest request, StoreException e) {
    return request.getPath().startsWith("/api/")
        ? Problem.response(503, "The database cannot be read or written", "Try again in a minute")
        : pages.processResponse(
            ErrorContext.builder(request).build(),
            HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE));
  }
}
