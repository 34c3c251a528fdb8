package dev.slipway.api;

import dev.slipway.problem.Problem;
import dev.slipway.store.Notifications;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/notifications}: what outgoing webhooks were sent, and sending it again. */
@Controller("/api/notifications")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class NotificationController {
  private static final int MOST = 500;
  private static final int USUAL = 50;

  private final Notifications notifications;
  private final InstantSource clock;

  NotificationController(Notifications notifications, InstantSource clock) {
    this.notifications = notifications;
    this.clock = clock;
  }

  @Get
  HttpResponse<?> list(
      @Nullable @QueryValue("limit") String limit, @Nullable @QueryValue("before") String before) {
    Optional<Long> most = number(limit, USUAL, MOST);
    Optional<Long> first = number(before, Long.MAX_VALUE, Long.MAX_VALUE);
    if (most.isEmpty()) {
      return Problem.response(400, "Bad limit", "limit must be a whole number from 1 to " + MOST);
    }
    if (first.isEmpty()) {
      return Problem.response(400, "Bad before", "before must be the id of a notification");
    }
    return HttpResponse.ok(
        notifications.list(first.get(), most.get().intValue()).stream()
            .map(NotificationState::of)
            .toList());
  }

  private static Optional<Long> number(@Nullable String text, long usual, long most) {
    if (text == null) {
      return Optional.of(usual);
    }
    return Optional.of(text)
        .filter(digits -> digits.matches("\\d{1,18}"))
        .map(Long::valueOf)
        .filter(number -> number >= 1 && number <= most);
  }

  @Post(uri = "/{id}/redeliver", consumes = MediaType.ALL)
  HttpResponse<?> redeliver(@PathVariable long id) {
    try {
      return switch (notifications.redeliver(id, clock.instant())) {
        case QUEUED ->
            HttpResponse.accepted()
                .body(NotificationState.of(notifications.list(id + 1, 1).getFirst()));
        case UNKNOWN -> Problem.response(404, "Not found", "There is no notification " + id);
        case IN_HAND ->
            Problem.response(
                409,
                "Being sent",
                "Notification %d is being sent at this moment; look again in a minute"
                    .formatted(id));
        case NOT_CONFIGURED ->
            Problem.response(
                409,
                "No such webhook",
                "The outgoing webhook of notification %d is not in the configuration any more"
                    .formatted(id));
      };
    } catch (StoreException e) {
      return Problem.response(503, "The database cannot be written", "Try again in a minute");
    }
  }
}
