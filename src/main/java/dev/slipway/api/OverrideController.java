package dev.slipway.api;

import dev.slipway.control.LockService;
import dev.slipway.model.Caller;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/deployments/{id}/override}: a deployment starts within freeze windows. */
@Controller("/api/deployments")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class OverrideController {
  private final LockService locks;
  private final VisibleDeployments deployments;
  private final DeploymentLinks links;
  private final ActorHeader actors;

  OverrideController(
      LockService locks,
      VisibleDeployments deployments,
      DeploymentLinks links,
      ActorHeader actors) {
    this.locks = locks;
    this.deployments = deployments;
    this.links = links;
    this.actors = actors;
  }

  @Post(uri = "/{id}/override", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> override(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String name,
      @PathVariable long id,
      @Body byte @Nullable [] body) {
    RequestFields fields = RequestFields.read(body == null ? new byte[0] : body, Set.of("reason"));
    String reason = fields.reason();
    if (reason.isEmpty()) {
      fields.error("reason must say why: it is kept");
    }
    List<String> errors = fields.errors();
    if (!errors.isEmpty()) {
      return Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
    }
    Optional<Boolean> overridden =
        deployments
            .find(caller, id)
            .flatMap(_ -> locks.overrideFreeze(id, actors.actor(caller, name), reason));
    if (overridden.isEmpty()) {
      return VisibleDeployments.notFound(id);
    }
    return overridden.get()
        ? HttpResponse.accepted()
            .body(
                DeploymentState.of(deployments.find(caller, id).orElseThrow(), links, "overridden"))
        : Problem.response(
            409, "Not waiting", "Deployment " + id + " does not wait, so there is nothing to do");
  }
}
