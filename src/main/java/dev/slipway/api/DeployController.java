package dev.slipway.api;

import dev.slipway.control.DeployRequest;
import dev.slipway.control.DeployService;
import dev.slipway.intake.NotStoredException;
import dev.slipway.model.Digest;
import dev.slipway.problem.Problem;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
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
  private final DeploymentQueries deployments;
  private final DeploymentLinks links;
  private final OrderEndpoint endpoint;

  DeployController(
      DeployService orders,
      DeploymentQueries deployments,
      DeploymentLinks links,
      OrderEndpoint endpoint) {
    this.orders = orders;
    this.deployments = deployments;
    this.links = links;
    this.endpoint = endpoint;
  }

  @Post(uri = "/deploy_application", consumes = MediaType.ALL)
  HttpResponse<?> deploy(
      @Nullable @Body InputStream body,
      @Nullable @QueryValue("wait") String limit,
      @Nullable @Header("Idempotency-Key") String key)
      throws InterruptedException, IOException {
    return endpoint.answer(body, limit, key, this::place);
  }

  private OrderEndpoint.Answer place(byte[] body, Optional<String> key)
      throws InterruptedException {
    return switch (DeployRequestReader.read(body)) {
      case DeployRequestReader.Read.Bad(var errors) -> new OrderEndpoint.Answer.Bad(errors);
      case DeployRequestReader.Read.Good(DeployRequest request) ->
          new OrderEndpoint.Answer.Placed(orders.place(request, Digest.of(body), key));
    };
  }

  @Get("/deployments/{id}")
  HttpResponse<?> state(@PathVariable long id) {
    return deployments
        .find(id)
        .<HttpResponse<?>>map(dossier -> HttpResponse.ok(DeploymentState.of(dossier, links, null)))
        .orElseGet(() -> Problem.response(404, "Not found", "There is no deployment " + id));
  }

  /** Every link to the deployment's log page stops working; the answer has the new one. */
  @Post(uri = "/deployments/{id}/revoke_links", consumes = MediaType.ALL)
  HttpResponse<?> revokeLinks(@PathVariable long id) {
    try {
      return deployments.revokeLinks(id)
          ? state(id)
          : Problem.response(404, "Not found", "There is no deployment " + id);
    } catch (StoreException e) {
      return Problem.response(503, "The database cannot be written", "Try again in a minute");
    }
  }

  @Error
  HttpResponse<Problem> notKept(NotStoredException e) {
    return Problem.response(
        503,
        e.isStopping() ? "Slipway is stopping" : "The database cannot be written",
        "Try again in a minute");
  }
}
