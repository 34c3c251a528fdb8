package dev.slipway.api;

import dev.slipway.problem.Problem;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.secret.Bearer;
import dev.slipway.secret.Secret;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets only callers with the bearer token in. Without a configured token, nobody. */
@ServerFilter("/api/**")
final class ApiGuard {
  private final ApiAccess access;
  private final Refusals refusals;

  ApiGuard(ApiAccess access, Refusals refusals) {
    this.access = access;
    this.refusals = refusals;
  }

  @RequestFilter
  @Nullable HttpResponse<?> check(HttpRequest<?> request) {
    Secret token = access.token();
    if (token == null) {
      boolean _ = refusals.count(Refusal.API_CLOSED, request.getRemoteAddress());
      return Problem.response(
          403,
          "The API is closed",
          "Set SLIPWAY_API_TOKEN to open it, and send it as a bearer token");
    }
    List<String> credentials = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return Bearer.proves(credentials, token)
        ? null
        : refused(
            credentials.isEmpty() ? Refusal.API_TOKEN_MISSING : Refusal.API_TOKEN_WRONG,
            request.getRemoteAddress());
  }

  private HttpResponse<?> refused(Refusal refusal, InetSocketAddress peer) {
    return refusals.count(refusal, peer)
        ? Problem.response(
                429, "Too many failures", "Too many bad tokens came from this address; wait")
            .header(HttpHeaders.RETRY_AFTER, Long.toString(Refusals.WINDOW.toSeconds()))
            .header(HttpHeaders.CONNECTION, "close")
        : Problem.response(
                401,
                "Not authorized",
                "Send Authorization: Bearer with the value of SLIPWAY_API_TOKEN")
            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
  }
}
