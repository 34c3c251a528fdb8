package dev.slipway.api;

import dev.slipway.secret.Secret;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets only callers with the bearer token in. Without a configured token, nobody. */
@ServerFilter("/api/**")
final class ApiGuard {
  private static final String SCHEME = "bearer ";

  private final ApiAccess access;

  ApiGuard(ApiAccess access) {
    this.access = access;
  }

  @RequestFilter
  @Nullable HttpResponse<?> check(HttpRequest<?> request) {
    Secret token = access.token();
    if (token == null) {
      return ApiProblem.response(
          403,
          "The API is closed",
          "Set SLIPWAY_API_TOKEN to open it, and send it as a bearer token");
    }
    List<String> credentials = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    boolean known =
        credentials.size() == 1
            && credentials.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            && token.matches(credentials.getFirst().substring(SCHEME.length()).strip());
    return known
        ? null
        : ApiProblem.response(
                401,
                "Not authorized",
                "Send Authorization: Bearer with the value of SLIPWAY_API_TOKEN")
            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
  }
}
