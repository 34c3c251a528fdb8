package dev.slipway.web;

import dev.slipway.problem.Problem;
import dev.slipway.store.InstanceId;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;

/**
 * {@code GET /health/instance/ID}: whether an address leads to the Slipway that is meant. Whoever
 * does not know the id learns nothing here.
 */
@Controller("/health/instance")
final class InstanceController {
  private final InstanceId own;

  InstanceController(InstanceId own) {
    this.own = own;
  }

  @Get("/{id}")
  HttpResponse<?> isThis(@PathVariable String id) {
    return own.value().equals(id)
        ? HttpResponse.noContent()
        : Problem.response(
            404, "Another instance", "This Slipway is not the one with that id, or there is none");
  }
}
