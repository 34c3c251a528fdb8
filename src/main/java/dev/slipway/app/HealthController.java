package dev.slipway.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.github.Github;
import dev.slipway.intake.Intake;
import dev.slipway.store.Database;
import dev.slipway.store.Outbox;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.ArrayList;
import java.util.List;

/** Whether this process lives, and whether it can do its work. */
@Controller("/health")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class HealthController {
  private final Database database;
  private final Outbox outbox;
  private final Github github;
  private final Intake intake;

  HealthController(Database database, Outbox outbox, Github github, Intake intake) {
    this.database = database;
    this.outbox = outbox;
    this.github = github;
    this.intake = intake;
  }

  /**
   * What is well and what is not.
   *
   * @param status {@code UP}, {@code DEGRADED} (deploys go on, reports wait) or {@code DOWN}
   */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Health(
      String status,
      List<String> problems,
      @JsonProperty("statuses_waiting") int statusesWaiting) {}

  @Get("/liveness")
  Health liveness() {
    return new Health("UP", List.of(), 0);
  }

  @Get("/readiness")
  HttpResponse<Health> readiness() {
    if (!intake.isOpen()) {
      return down("Slipway is stopping");
    }
    try {
      database.probe();
      Outbox.Backlog backlog = outbox.backlog();
      List<String> problems = new ArrayList<>();
      if (!github.hasCredential()) {
        problems.add("no GITHUB_TOKEN: statuses wait in the outbox");
      }
      if (backlog.problem() != null) {
        problems.add(backlog.sentence() + "; the last answer was not good");
      }
      return HttpResponse.ok(
          new Health(problems.isEmpty() ? "UP" : "DEGRADED", problems, backlog.waiting()));
    } catch (StoreException e) {
      return down("the database cannot be written");
    }
  }

  private static HttpResponse<Health> down(String problem) {
    return HttpResponse.<Health>status(HttpStatus.SERVICE_UNAVAILABLE)
        .body(new Health("DOWN", List.of(problem), 0));
  }
}
