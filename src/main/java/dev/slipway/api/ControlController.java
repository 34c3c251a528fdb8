package dev.slipway.api;

import dev.slipway.control.DeploymentControl;
import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import dev.slipway.model.Decision;
import dev.slipway.model.End;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import dev.slipway.store.CancelResult;
import dev.slipway.store.DeploymentQueries;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/deployments/{id}/cancel} and {@code POST /api/deployments/{id}/retry}. */
@Controller("/api/deployments/{id}")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class ControlController {
  private static final int LARGEST_BODY = 64 * 1024;

  private final DeploymentControl control;
  private final VisibleDeployments visible;
  private final DeploymentLinks links;
  private final ActorHeader actors;

  ControlController(
      DeploymentControl control,
      VisibleDeployments visible,
      DeploymentLinks links,
      ActorHeader actors) {
    this.control = control;
    this.visible = visible;
    this.links = links;
    this.actors = actors;
  }

  private interface Act {
    HttpResponse<?> by(Actor actor, String reason);
  }

  @Post(uri = "/cancel", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> cancel(
      Caller caller,
      @PathVariable long id,
      @Nullable @Header(ActorHeader.NAME) String actor,
      @Nullable @Body InputStream body)
      throws IOException {
    return act(
        caller,
        id,
        actor,
        body,
        (who, reason) ->
            control
                .cancel(id, who, reason)
                .<HttpResponse<?>>map(result -> answer(caller, id, result))
                .orElseGet(() -> VisibleDeployments.notFound(id)));
  }

  private HttpResponse<?> answer(Caller caller, long id, CancelResult result) {
    return switch (result) {
      case CancelResult.Ended _ -> accepted(caller, id, "cancelled");
      case CancelResult.Requested _ -> accepted(caller, id, "cancel_requested");
      case CancelResult.AlreadyRequested(var first) ->
          Problem.response(
              409,
              "Stopping already",
              "Deployment %d is being stopped already: %s".formatted(id, first.words()));
      case CancelResult.TooLate(End end) ->
          Problem.response(
              409,
              "Ended already",
              "Deployment %d has ended already, so nothing was changed: %s, %s"
                  .formatted(id, end.kind().code(), end.reason()));
    };
  }

  @Post(uri = "/retry", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> retry(
      Caller caller,
      @PathVariable long id,
      @Nullable @Header(ActorHeader.NAME) String actor,
      @Nullable @Body InputStream body)
      throws IOException {
    return act(
        caller,
        id,
        actor,
        body,
        (who, reason) ->
            control
                .retry(id, who, reason)
                .<HttpResponse<?>>map(decision -> answer(caller, id, decision))
                .orElseGet(() -> VisibleDeployments.notFound(id)));
  }

  private HttpResponse<?> answer(Caller caller, long id, Decision decision) {
    return decision instanceof Decision.Retried
        ? accepted(caller, id, decision.kind().code())
        : Problem.response(
            409,
            "Not retried",
            "Deployment %d is not run again: %s".formatted(id, decision.reason()));
  }

  private HttpResponse<?> act(
      Caller caller, long id, @Nullable String actor, @Nullable InputStream body, Act act)
      throws IOException {
    byte[] bytes = RequestBody.read(body, LARGEST_BODY);
    if (bytes.length > LARGEST_BODY) {
      return Problem.response(413, "Too large", "A body may have 64 KiB");
    }
    RequestFields fields = RequestFields.read(bytes, Set.of("reason"));
    String reason = fields.reason();
    List<String> errors = fields.errors();
    if (!errors.isEmpty()) {
      return Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
    }
    return visible.find(caller, id).isPresent()
        ? act.by(actors.actor(caller, actor), reason)
        : VisibleDeployments.notFound(id);
  }

  private HttpResponse<?> accepted(Caller caller, long id, String decision) {
    Optional<DeploymentQueries.DeploymentDetails> details = visible.find(caller, id);
    if (details.isEmpty()) {
      return VisibleDeployments.notFound(id);
    }
    DeploymentState state = DeploymentState.of(details.get(), links, decision);
    return HttpResponse.accepted().header(HttpHeaders.LOCATION, state.stateUrl()).body(state);
  }
}
