package dev.slipway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.model.Caller;
import dev.slipway.model.Digest;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.secret.ApiTokenFormat;
import dev.slipway.secret.Bearer;
import dev.slipway.secret.Secret;
import dev.slipway.store.ApiTokens;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.web.router.RouteAttributes;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets only callers with a token in, and only where the token has the scope that the method of the
 * controller wants.
 */
@ServerFilter("/api/**")
final class ApiGuard {
  private final ApiAccess access;
  private final ApiTokens tokens;
  private final Refusals refusals;
  private final InstantSource clock;

  ApiGuard(ApiAccess access, ApiTokens tokens, Refusals refusals, InstantSource clock) {
    this.access = access;
    this.tokens = tokens;
    this.refusals = refusals;
    this.clock = clock;
  }

  @RequestFilter
  @ExecuteOn(TaskExecutors.VIRTUAL)
  @Nullable HttpResponse<?> check(HttpRequest<?> request) {
    List<String> credentials = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    Optional<String> token = Bearer.token(credentials);
    if (access.token() == null && token.filter(ApiTokenFormat::matches).isEmpty()) {
      boolean _ = refusals.count(Refusal.API_CLOSED, request.getRemoteAddress());
      return Problem.response(
          403,
          "The API is closed",
          "Set SLIPWAY_API_TOKEN to open it, or make a token with \"tokens create\", and send it"
              + " as a bearer token");
    }
    try {
      Optional<Caller> caller = token.flatMap(this::caller);
      return caller.isPresent()
          ? admit(request, caller.get())
          : refuse(
              credentials.isEmpty() ? Refusal.API_TOKEN_MISSING : Refusal.API_TOKEN_WRONG,
              request.getRemoteAddress());
    } catch (StoreException e) {
      return Problem.response(503, "The database cannot be read", "Try again in a minute")
          .header(HttpHeaders.RETRY_AFTER, "60");
    }
  }

  private Optional<Caller> caller(String token) {
    Secret configured = access.token();
    if (configured != null && configured.matches(token)) {
      return Optional.of(ApiAccess.CONFIGURED);
    }
    return ApiTokenFormat.matches(token)
        ? tokens.authenticate(Digest.of(token.getBytes(UTF_8)), clock.instant())
        : Optional.empty();
  }

  private static @Nullable HttpResponse<?> admit(HttpRequest<?> request, Caller caller) {
    Scope wanted =
        RouteAttributes.getRouteMatch(request)
            .flatMap(
                route -> route.getAnnotationMetadata().enumValue(RequiresScope.class, Scope.class))
            .orElse(Scope.ADMIN);
    CallerBinder.keep(request, caller);
    return caller.has(wanted)
        ? null
        : Problem.response(
            403,
            "Scope missing",
            "This needs a token with the scope %s; token %s has: %s"
                .formatted(wanted.code(), caller.name(), codes(caller.scopes())));
  }

  private static String codes(Set<Scope> scopes) {
    return scopes.isEmpty()
        ? "none"
        : String.join(", ", scopes.stream().sorted().map(Scope::code).toList());
  }

  private HttpResponse<?> refuse(Refusal refusal, InetSocketAddress peer) {
    return refusals.count(refusal, peer)
        ? Problem.response(
                429, "Too many failures", "Too many bad tokens came from this address; wait")
            .header(HttpHeaders.RETRY_AFTER, Long.toString(Refusals.WINDOW.toSeconds()))
            .header(HttpHeaders.CONNECTION, "close")
        : Problem.response(
                401,
                "Not authorized",
                "Send Authorization: Bearer with the value of SLIPWAY_API_TOKEN, or with a token"
                    + " that was made with \"tokens create\" and not revoked")
            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
  }
}
