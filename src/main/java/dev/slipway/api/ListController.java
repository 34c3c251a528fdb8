package dev.slipway.api;

import dev.slipway.model.Caller;
import dev.slipway.model.End;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import dev.slipway.store.AuditLog;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.DeploymentQueries.DeploymentFilter;
import dev.slipway.store.Page;
import dev.slipway.store.StoredRun;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/deployments} and {@code GET /api/audit}: lists, newest first. */
@Controller("/api")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class ListController {
  private static final Set<String> STATES =
      Stream.concat(
              Stream.of(StoredRun.State.QUEUED.code(), StoredRun.State.RUNNING.code()),
              Arrays.stream(End.Kind.values()).map(End.Kind::code))
          .collect(Collectors.toUnmodifiableSet());

  private final DeploymentQueries deployments;
  private final AuditLog audit;

  ListController(DeploymentQueries deployments, AuditLog audit) {
    this.deployments = deployments;
    this.audit = audit;
  }

  @Get("/deployments")
  @RequiresScope(Scope.READ)
  HttpResponse<?> deployments(
      Caller caller,
      @Nullable @QueryValue String environment,
      @Nullable @QueryValue String repository,
      @Nullable @QueryValue String state,
      @Nullable @QueryValue String limit,
      @Nullable @QueryValue String before) {
    if (state != null && !STATES.contains(state)) {
      return Problem.response(
          400,
          "Bad state",
          "There is no state \"%s\"; there are: %s"
              .formatted(state, String.join(", ", STATES.stream().sorted().toList())));
    }
    return ListParameters.read(
        limit,
        before,
        (most, from) -> {
          Page<DeploymentQueries.DeploymentSummary> page =
              deployments.list(
                  new DeploymentFilter(repository, environment, state),
                  from,
                  most,
                  one -> caller.reaches(one.repository()));
          return new DeploymentList(
              page.rows().stream().map(DeploymentList.Row::of).toList(),
              ListParameters.next(page.next()));
        });
  }

  @Get("/audit")
  @RequiresScope(Scope.READ)
  HttpResponse<?> audit(
      Caller caller, @Nullable @QueryValue String limit, @Nullable @QueryValue String before) {
    return ListParameters.read(
        limit,
        before,
        (most, from) -> {
          Page<AuditLog.Row> page = audit.list(from, most, row -> caller.reaches(row.repository()));
          return new AuditList(
              page.rows().stream().map(AuditList.Row::of).toList(),
              ListParameters.next(page.next()));
        });
  }
}
