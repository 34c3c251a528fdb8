package dev.slipway.api;

import dev.slipway.control.ReleaseRequest;
import dev.slipway.control.ReleaseService;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.Caller;
import dev.slipway.model.Digest;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import dev.slipway.model.Scope;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/rollback} and {@code POST /api/promote}. */
@Controller("/api")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class ReleaseController {
  private static final Set<String> ROLLBACK =
      Set.of("host", "repository", "environment", "to", "reason");
  private static final Set<String> PROMOTION = Set.of("host", "repository", "from", "to", "reason");

  private final ReleaseService releases;
  private final OrderEndpoint endpoint;
  private final GithubHosts githubHosts;
  private final ActorHeader actors;

  ReleaseController(
      ReleaseService releases,
      OrderEndpoint endpoint,
      GithubHosts githubHosts,
      ActorHeader actors) {
    this.releases = releases;
    this.endpoint = endpoint;
    this.githubHosts = githubHosts;
    this.actors = actors;
  }

  @Post(uri = "/rollback", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> rollBack(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String actor,
      @Nullable @Body InputStream body,
      @Nullable @QueryValue("wait") String limit,
      @Nullable @Header("Idempotency-Key") String key)
      throws InterruptedException, IOException {
    Function<RequestFields, ReleaseRequest> rollback =
        fields ->
            new ReleaseRequest.Rollback(
                repository(fields),
                environment(fields.text("environment", "production")),
                fields.number("to").orElse(null),
                actors.actor(caller, actor),
                fields.reason());
    return endpoint.answer(caller, body, limit, key, order(caller, ROLLBACK, rollback));
  }

  @Post(uri = "/promote", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> promote(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String actor,
      @Nullable @Body InputStream body,
      @Nullable @QueryValue("wait") String limit,
      @Nullable @Header("Idempotency-Key") String key)
      throws InterruptedException, IOException {
    Function<RequestFields, ReleaseRequest> promotion =
        fields ->
            new ReleaseRequest.Promotion(
                repository(fields),
                environment(required(fields, "from")),
                environment(required(fields, "to")),
                actors.actor(caller, actor),
                fields.reason());
    return endpoint.answer(caller, body, limit, key, order(caller, PROMOTION, promotion));
  }

  private OrderEndpoint.Order order(
      Caller caller, Set<String> known, Function<RequestFields, ReleaseRequest> read) {
    return (body, key) -> {
      RequestFields fields = RequestFields.read(body, known);
      ReleaseRequest request = read.apply(fields);
      if (!fields.errors().isEmpty()) {
        return new OrderEndpoint.Answer.Bad(fields.errors());
      }
      String repository = request.repository().fullName();
      return new OrderEndpoint.Answer.Placed(
          caller.reaches(repository)
              ? releases.place(request, Digest.of(body), key)
              : VisibleDeployments.unreachable(caller, repository));
    };
  }

  private Repository repository(RequestFields fields) {
    String _ = required(fields, "repository");
    return fields.repository(githubHosts);
  }

  private static String required(RequestFields fields, String name) {
    String text = fields.text(name, "");
    if (text.isEmpty() && fields.errors().stream().noneMatch(error -> error.startsWith(name))) {
      fields.error(name + " is missing");
    }
    return text;
  }

  private static Environment environment(String name) {
    return new Environment(name, false, name.equals("production"));
  }
}
