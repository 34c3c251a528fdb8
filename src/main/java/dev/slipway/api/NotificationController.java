package dev.slipway.api;

import dev.slipway.control.NotificationControl;
import dev.slipway.model.Caller;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import dev.slipway.store.Notifications;
import dev.slipway.store.Page;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/notifications}: what outgoing webhooks were sent, and sending it again. */
@Controller("/api/notifications")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class NotificationController {
  private final NotificationControl notifications;
  private final ActorHeader actors;

  NotificationController(NotificationControl notifications, ActorHeader actors) {
    this.notifications = notifications;
    this.actors = actors;
  }

  @Get
  @RequiresScope(Scope.READ)
  HttpResponse<?> list(
      Caller caller,
      @Nullable @QueryValue String failed,
      @Nullable @QueryValue String limit,
      @Nullable @QueryValue String before) {
    if (failed != null && !failed.equals("true") && !failed.equals("false")) {
      return Problem.response(
          400, "Bad failed", "failed is \"%s\"; use true or false".formatted(failed));
    }
    return ListParameters.read(
        limit,
        before,
        (most, from) -> {
          Page<Notifications.Report> page =
              notifications.list(
                  from,
                  most,
                  one ->
                      caller.reaches(one.repository())
                          && (!"true".equals(failed) || one.hasFailed()));
          return new NotificationList(
              page.rows().stream().map(NotificationState::of).toList(),
              ListParameters.next(page.next()));
        });
  }

  @Post(uri = "/{id}/redeliver", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> redeliver(
      Caller caller, @PathVariable long id, @Nullable @Header(ActorHeader.NAME) String actor) {
    return find(caller, id).isPresent()
        ? answer(caller, id, notifications.redeliver(id, actors.actor(caller, actor)))
        : unknown(id);
  }

  /** Those about other repositories look like unknown ones. */
  private Optional<Notifications.Report> find(Caller caller, long id) {
    return notifications.find(id).filter(one -> caller.reaches(one.repository()));
  }

  private HttpResponse<?> answer(Caller caller, long id, Notifications.Redelivery redelivery) {
    return switch (redelivery) {
      case QUEUED ->
          find(caller, id)
              .<HttpResponse<?>>map(
                  report -> HttpResponse.accepted().body(NotificationState.of(report)))
              .orElseGet(() -> unknown(id));
      case UNKNOWN -> unknown(id);
      case IN_HAND ->
          Problem.response(
              409,
              "Being sent",
              "Notification %d is being sent at this moment; look again in a minute".formatted(id));
      case NOT_CONFIGURED ->
          Problem.response(
              409,
              "No such webhook",
              "The outgoing webhook of notification %d is not in the configuration any more"
                  .formatted(id));
    };
  }

  private static HttpResponse<?> unknown(long id) {
    return Problem.response(404, "Not found", "There is no notification " + id);
  }
}
