package dev.slipway.api;

import dev.slipway.control.LockRequest;
import dev.slipway.control.LockService;
import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import dev.slipway.store.EnvironmentLocks.Placement;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /api/locks}: who has locked what, locking and unlocking. */
@Controller("/api/locks")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class LockController {
  private final LockService locks;
  private final ActorHeader actors;

  LockController(LockService locks, ActorHeader actors) {
    this.locks = locks;
    this.actors = actors;
  }

  @Get
  @RequiresScope(Scope.READ)
  LockList list(Caller caller) {
    return new LockList(visible(caller).map(LockView::of).toList());
  }

  @Post(consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> lock(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String name,
      @Body byte @Nullable [] body) {
    Actor actor = actors.actor(caller, name);
    LockRequestReader reader = LockRequestReader.ofLock(body == null ? new byte[0] : body);
    LockRequest request = reader.lock(actor.name());
    List<String> errors = reader.fields().errors();
    if (!errors.isEmpty()) {
      return bad(errors);
    }
    return caller.reaches(request.scope().repository())
        ? answer(locks.lock(request, actor))
        : unreachable(caller, request.scope());
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

  /** Removes the lock with a number, or on a scope that is named as it was locked. */
  @Post(uri = "/unlock", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> unlock(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String name,
      @Body byte @Nullable [] body) {
    LockRequestReader reader = LockRequestReader.ofScope(body == null ? new byte[0] : body);
    Optional<Long> id = reader.fields().number("id");
    LockScope scope = reader.scope();
    if (id.isPresent() && !scope.equals(LockScope.EVERYTHING)) {
      reader.fields().error("id names a lock alone: leave host, repository and environment out");
    }
    List<String> errors = reader.fields().errors();
    if (!errors.isEmpty()) {
      return bad(errors);
    }
    if (id.isPresent()) {
      return remove(caller, name, id.get());
    }
    return caller.reaches(scope.repository())
        ? locks
            .unlock(scope, actors.actor(caller, name))
            .<HttpResponse<?>>map(lock -> HttpResponse.ok(LockView.of(lock)))
            .orElseGet(() -> missing(caller, "There is no lock on " + scope.description()))
        : unreachable(caller, scope);
  }

  @Delete("/{id}")
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> remove(
      Caller caller, @Nullable @Header(ActorHeader.NAME) String name, @PathVariable long id) {
    return locks
        .find(id)
        .filter(lock -> caller.reaches(lock.scope().repository()))
        .flatMap(_ -> locks.unlock(id, actors.actor(caller, name)))
        .<HttpResponse<?>>map(lock -> HttpResponse.ok(LockView.of(lock)))
        .orElseGet(() -> missing(caller, "There is no lock " + id));
  }

  /** Those on other repositories look as if there were none; one on everything concerns all. */
  private Stream<EnvironmentLock> visible(Caller caller) {
    return locks.locks().stream()
        .filter(
            lock ->
                lock.scope().repository().isEmpty() || caller.reaches(lock.scope().repository()));
  }

  private HttpResponse<?> missing(Caller caller, String what) {
    String all =
        visible(caller)
            .limit(10)
            .map(lock -> lock.scope().description() + " (" + lock.id() + ")")
            .collect(Collectors.joining(", "));
    return Problem.response(
        404,
        "Not found",
        what + "; " + (all.isEmpty() ? "nothing is locked" : "locked are " + all));
  }

  private static HttpResponse<?> unreachable(Caller caller, LockScope scope) {
    var answer = VisibleDeployments.unreachable(caller, scope.repository());
    return Problem.response(answer.status(), answer.title(), answer.detail());
  }

  private static HttpResponse<?> bad(List<String> errors) {
    return Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
  }
}
