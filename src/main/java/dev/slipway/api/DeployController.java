package dev.slipway.api;

import dev.slipway.control.DeployRequest;
import dev.slipway.control.DeployService;
import dev.slipway.control.DeploymentControl;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Caller;
import dev.slipway.model.Digest;
import dev.slipway.model.Scope;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/deploy_application}, and what became of it. */
@Controller("/api")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class DeployController {
  private final DeployService orders;
  private final DeploymentControl control;
  private final VisibleDeployments visible;
  private final DeploymentLinks links;
  private final OrderEndpoint endpoint;
  private final GithubHosts githubHosts;
  private final ActorHeader actors;

  DeployController(
      DeployService orders,
      DeploymentControl control,
      VisibleDeployments visible,
      DeploymentLinks links,
      OrderEndpoint endpoint,
      GithubHosts githubHosts,
      ActorHeader actors) {
    this.orders = orders;
    this.control = control;
    this.visible = visible;
    this.links = links;
    this.endpoint = endpoint;
    this.githubHosts = githubHosts;
    this.actors = actors;
  }

  @Post(uri = "/deploy_application", consumes = MediaType.ALL)
  @RequiresScope(Scope.DEPLOY)
  HttpResponse<?> deploy(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String actor,
      @Nullable @Body InputStream body,
      @Nullable @QueryValue("wait") String limit,
      @Nullable @Header("Idempotency-Key") String key)
      throws InterruptedException, IOException {
    return endpoint.answer(
        caller,
        body,
        limit,
        key,
        (bytes, name) -> place(caller, actors.actor(caller, actor), bytes, name));
  }

  private OrderEndpoint.Answer place(Caller caller, Actor actor, byte[] body, Optional<String> key)
      throws InterruptedException {
    return switch (DeployRequestReader.read(body, githubHosts)) {
      case DeployRequestReader.Read.Bad(var errors) -> new OrderEndpoint.Answer.Bad(errors);
      case DeployRequestReader.Read.Good(DeployRequest request)
          when !caller.reaches(request.repository().fullName()) ->
          new OrderEndpoint.Answer.Placed(
              VisibleDeployments.unreachable(caller, request.repository().fullName()));
      case DeployRequestReader.Read.Good(DeployRequest request) ->
          new OrderEndpoint.Answer.Placed(
              orders.place(
                  request,
                  new AuditEntry.Act(actor, AuditEntry.Action.DEPLOY, request.description()),
                  Digest.of(body),
                  key));
    };
  }

  @Get("/deployments/{id}")
  @RequiresScope(Scope.READ)
  HttpResponse<?> state(Caller caller, @PathVariable long id) {
    return visible
        .find(caller, id)
        .<HttpResponse<?>>map(dossier -> HttpResponse.ok(DeploymentState.of(dossier, links, null)))
        .orElseGet(() -> VisibleDeployments.notFound(id));
  }

  /** Every link to the deployment's log page stops working; the answer has the new one. */
  @Post(uri = "/deployments/{id}/revoke_links", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> revokeLinks(
      Caller caller, @PathVariable long id, @Nullable @Header(ActorHeader.NAME) String actor) {
    return visible
            .find(caller, id)
            .filter(details -> control.revokeLinks(details, actors.actor(caller, actor)))
            .isPresent()
        ? state(caller, id)
        : VisibleDeployments.notFound(id);
  }
}
