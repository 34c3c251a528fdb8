package dev.slipway.api;

import dev.slipway.control.LockService;
import dev.slipway.problem.Problem;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
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
  private static final int LONGEST_REASON = 500;

  private final LockService locks;
  private final DeploymentQueries deployments;
  private final DeploymentLinks links;

  OverrideController(LockService locks, DeploymentQueries deployments, DeploymentLinks links) {
    this.locks = locks;
    this.deployments = deployments;
    this.links = links;
  }

  @Post(uri = "/{id}/override", consumes = MediaType.ALL)
  HttpResponse<?> override(@PathVariable long id, @Body byte @Nullable [] body) {
    RequestFields fields = RequestFields.read(body == null ? new byte[0] : body, Set.of("reason"));
    String reason = fields.text("reason", "");
    if (reason.isEmpty() || reason.length() > LONGEST_REASON) {
      fields.error(
          "reason must say why, in at most %d characters: it is kept".formatted(LONGEST_REASON));
    }
    List<String> errors = fields.errors();
    if (!errors.isEmpty()) {
      return Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
    }
    Optional<Boolean> overridden = locks.overrideFreeze(id, "API", reason);
    if (overridden.isEmpty()) {
      return Problem.response(404, "Not found", "There is no deployment " + id);
    }
    return overridden.get()
        ? HttpResponse.accepted()
            .body(DeploymentState.of(deployments.find(id).orElseThrow(), links, null))
        : Problem.response(
            409, "Not waiting", "Deployment " + id + " does not wait, so there is nothing to do");
  }

  @Error
  HttpResponse<Problem> notKept(StoreException e) {
    return Problem.response(503, "The database cannot be written", "Try again in a minute");
  }
}
