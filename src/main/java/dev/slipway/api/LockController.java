package dev.slipway.api;

import dev.slipway.control.LockRequest;
import dev.slipway.control.LockService;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.problem.Problem;
import dev.slipway.store.EnvironmentLocks.Placement;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/locks}: who has locked what, locking and unlocking. */
@Controller("/api/locks")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class LockController {
  private static final String API = "API";

  private final LockService locks;

  LockController(LockService locks) {
    this.locks = locks;
  }

  @Get
  List<LockView> list() {
    return locks.locks().stream().map(LockView::of).toList();
  }

  @Post(consumes = MediaType.ALL)
  HttpResponse<?> lock(@Body byte @Nullable [] body) {
    LockRequestReader reader = LockRequestReader.ofLock(body == null ? new byte[0] : body);
    LockRequest request = reader.lock(API);
    List<String> errors = reader.fields().errors();
    return errors.isEmpty() ? answer(locks.lock(request)) : bad(errors);
  }

  private static HttpResponse<?> answer(Placement placement) {
    return switch (placement) {
      case Placement.Placed(EnvironmentLock lock) -> HttpResponse.created(LockView.of(lock));
      case Placement.Renewed(EnvironmentLock lock) -> HttpResponse.ok(LockView.of(lock));
      case Placement.Taken(EnvironmentLock lock) ->
          Problem.response(
              409,
              "Locked",
              "%s is locked already: %s".formatted(lock.scope().description(), lock.hold().text()));
    };
  }

  /** Removes the lock on a scope that is named as it was when it was locked. */
  @Post(uri = "/unlock", consumes = MediaType.ALL)
  HttpResponse<?> unlock(@Body byte @Nullable [] body) {
    LockRequestReader reader = LockRequestReader.ofScope(body == null ? new byte[0] : body);
    LockScope scope = reader.scope();
    List<String> errors = reader.fields().errors();
    return errors.isEmpty()
        ? removed(locks.unlock(scope), "There is no lock on " + scope.description())
        : bad(errors);
  }

  @Delete("/{id}")
  HttpResponse<?> remove(@PathVariable long id) {
    return removed(locks.unlock(id), "There is no lock " + id);
  }

  private HttpResponse<?> removed(Optional<EnvironmentLock> lock, String missing) {
    return lock.isPresent()
        ? HttpResponse.ok(LockView.of(lock.get()))
        : Problem.response(404, "Not found", missing + "; " + present());
  }

  private String present() {
    List<EnvironmentLock> all = locks.locks();
    return all.isEmpty()
        ? "nothing is locked"
        : "locked are "
            + String.join(
                ", ",
                all.stream()
                    .limit(10)
                    .map(lock -> lock.scope().description() + " (" + lock.id() + ")")
                    .toList());
  }

  private static HttpResponse<?> bad(List<String> errors) {
    return Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
  }

  @Error
  HttpResponse<Problem> notKept(StoreException e) {
    return Problem.response(503, "The database cannot be written", "Try again in a minute");
  }
}
