package dev.slipway.api;

import dev.slipway.intake.NotStoredException;
import dev.slipway.problem.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers what was sent and is not stored: it has to be sent again. */
@Singleton
final class NotStoredHandler
    implements ExceptionHandler<NotStoredException, HttpResponse<Problem>> {
  @Override
  @SuppressWarnings("rawtypes") // as the framework declares it
  public HttpResponse<Problem> handle(HttpRequest request, NotStoredException e) {
    return Problem.response(
        503,
        e.isStopping() ? "Slipway is stopping" : "The database cannot be written",
        "Try again in a minute");
  }
}
