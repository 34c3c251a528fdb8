package dev.slipway.api;

import dev.slipway.control.EnvironmentPruner;
import dev.slipway.control.PruneRequest;
import dev.slipway.control.PruneResult;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import dev.slipway.model.Repository;
import dev.slipway.model.Scope;
import dev.slipway.problem.Problem;
import dev.slipway.store.ExistingDeployment;
import dev.slipway.store.Page;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/environments}: the transient environments that may stand. {@code POST
 * /api/environments/prune}: has those destroyed whose pull request is closed.
 */
@Controller("/api/environments")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class EnvironmentController {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_REASON = 500;

  private static final int LARGEST_BODY = 64 * 1024;

  private static final Set<String> FIELDS =
      Set.of("dry_run", "host", "repository", "environment", "reason", "before");

  private final EnvironmentPruner pruner;
  private final GithubHosts githubHosts;
  private final ActorHeader actors;

  EnvironmentController(EnvironmentPruner pruner, GithubHosts githubHosts, ActorHeader actors) {
    this.pruner = pruner;
    this.githubHosts = githubHosts;
    this.actors = actors;
  }

  @Get
  @RequiresScope(Scope.READ)
  HttpResponse<?> list(
      Caller caller,
      @Nullable @QueryValue String repository,
      @Nullable @QueryValue String limit,
      @Nullable @QueryValue String before) {
    return ListParameters.read(
        limit,
        before,
        (most, from) -> {
          Page<ExistingDeployment> page =
              pruner.list(from, most, wanted(caller, repository == null ? "" : repository));
          return new EnvironmentList(
              page.rows().stream().map(EnvironmentList.Row::of).toList(),
              ListParameters.next(page.next()));
        });
  }

  private static Predicate<String> wanted(Caller caller, String repository) {
    return name ->
        caller.reaches(name) && (repository.isEmpty() || name.equalsIgnoreCase(repository));
  }

  @Post(uri = "/prune", consumes = MediaType.ALL)
  @RequiresScope(Scope.CONTROL)
  HttpResponse<?> prune(
      Caller caller,
      @Nullable @Header(ActorHeader.NAME) String name,
      @Nullable @Body InputStream body)
      throws IOException, InterruptedException {
    byte[] bytes = RequestBody.read(body, LARGEST_BODY);
    if (bytes.length > LARGEST_BODY) {
      return Problem.response(413, "Too large", "A body may have 64 KiB");
    }
    RequestFields fields = RequestFields.read(bytes, FIELDS);
    Wish wish = Wish.read(fields);
    List<String> errors = fields.errors();
    if (!errors.isEmpty()) {
      return Problem.of(400, "Bad request", String.join("; ", errors), errors).response();
    }
    Actor actor = actors.actor(caller, name);
    if (wish.environment().isEmpty()) {
      return HttpResponse.ok(
          PruneReport.of(
              pruner.prune(
                  new PruneRequest(wanted(caller, wish.repository()), wish.dryRun(), wish.before()),
                  actor)));
    }
    Optional<PruneResult.Row> row =
        caller.reaches(wish.repository())
            ? pruner.destroy(
                new EnvironmentPruner.DestroyRequest(
                    new Repository(
                        wish.host().isEmpty() ? githubHosts.first().host() : wish.host(),
                        0,
                        wish.repository()),
                    wish.environment(),
                    wish.reason(),
                    wish.dryRun()),
                actor)
            : Optional.empty();
    return row.<HttpResponse<?>>map(
            one ->
                HttpResponse.ok(
                    PruneReport.of(new PruneResult(List.of(one), OptionalLong.empty()))))
        .orElseGet(
            () ->
                Problem.response(
                    404,
                    "Not found",
                    "There is no transient environment %s of %s that may stand"
                        .formatted(wish.environment(), wish.repository())));
  }

  /** What the body asks for. */
  private record Wish(
      boolean dryRun,
      String host,
      String repository,
      String environment,
      String reason,
      long before) {
    static Wish read(RequestFields fields) {
      Wish wish =
          new Wish(
              fields.flag("dry_run"),
              bounded(fields, "host", LONGEST_NAME),
              bounded(fields, "repository", LONGEST_NAME),
              bounded(fields, "environment", LONGEST_NAME),
              bounded(fields, "reason", LONGEST_REASON),
              fields.number("before").orElse(Long.MAX_VALUE));
      if (!wish.repository.isEmpty() && !Repository.isFullName(wish.repository)) {
        fields.error("repository must be owner/name");
      }
      if (wish.environment.isEmpty()) {
        if (!wish.reason.isEmpty() || !wish.host.isEmpty()) {
          fields.error("host and reason belong to an environment that is named");
        }
      } else {
        if (wish.repository.isEmpty()) {
          fields.error("repository must say whose environment it is");
        }
        if (wish.reason.isEmpty()) {
          fields.error("reason must say why: GitHub is not asked about this one");
        }
      }
      return wish;
    }

    private static String bounded(RequestFields fields, String name, int longest) {
      String text = fields.text(name, "").strip();
      if (text.length() > longest) {
        fields.error("%s may have %d characters at most".formatted(name, longest));
      }
      return text;
    }
  }
}
