package dev.slipway.web;

import dev.slipway.problem.Problem;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.JsonErrorResponseBodyProvider;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/**
 * Makes problems of the errors that the framework answers itself: an unknown path, a wrong method,
 * a path variable that is no number. Browsers, which ask for HTML, get the framework's own page.
 */
@Singleton
final class FrameworkProblems implements JsonErrorResponseBodyProvider<Problem> {
  @Override
  public Problem body(ErrorContext context, HttpResponse<?> response) {
    // What an unexpected exception says is for the log alone
    String detail =
        response.code() >= 500
            ? ""
            : context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "));
    return Problem.of(response.code(), detail, null);
  }

  @Override
  public String contentType() {
    return Problem.MEDIA_TYPE;
  }
}
