package dev.slipway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.intake.Intake;
import dev.slipway.metrics.MetricsAccess;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.store.Database;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Outbox;
import dev.slipway.store.Outboxes;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether this process lives, and whether it can do its work. */
@Controller("/health")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class HealthController {
  private static final String DOWN = "DOWN";
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Database database;
  private final Outboxes outboxes;
  private final GithubHosts githubHosts;
  private final Intake intake;
  private final ReconcileState watch;
  private final MetricsAccess access;
  private final DeploymentQueries deployments;
  private final InstantSource clock;
  private Instant readAt = Instant.EPOCH;
  private @Nullable Health read;

  HealthController(
      Database database,
      Outboxes outboxes,
      GithubHosts githubHosts,
      Intake intake,
      ReconcileState watch,
      MetricsAccess access,
      DeploymentQueries deployments,
      InstantSource clock) {
    this.clock = clock;
    this.access = access;
    this.database = database;
    this.outboxes = outboxes;
    this.githubHosts = githubHosts;
    this.intake = intake;
    this.watch = watch;
    this.deployments = deployments;
  }

  /**
   * What is well and what is not.
   *
   * @param status {@code UP}, {@code DEGRADED} (deploys go on, but reports wait or deliveries are
   *     missing) or {@code DOWN}
   * @param lastDelivery when any GitHub host last delivered anything, or null
   * @param missed how many deployments the hosts made, each since its own last delivery
   * @param hosts the same for each configured host
   */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Health(
      String status,
      List<String> problems,
      @JsonProperty("statuses_waiting") int statusesWaiting,
      @JsonProperty("last_delivery") @Nullable String lastDelivery,
      @JsonProperty("deployments_missed") int missed,
      @JsonProperty("github_hosts") List<HostDeliveries> hosts) {
    Health(String status, List<String> problems) {
      this(status, problems, 0, null, 0, List.of());
    }
  }

  /**
   * What came from a GitHub host.
   *
   * @param lastDelivery when it last delivered anything, or null
   * @param missed how many deployments it made since
   */
  @Serdeable.Serializable
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record HostDeliveries(
      String host,
      @JsonProperty("last_delivery") @Nullable String lastDelivery,
      @JsonProperty("deployments_missed") int missed) {
    static HostDeliveries of(MissedDeliveries told) {
      Instant last = told.lastDelivery();
      return new HostDeliveries(told.host(), last == null ? null : last.toString(), told.number());
    }
  }

  @Get("/liveness")
  Health liveness() {
    return new Health("UP", List.of());
  }

  /** Whoever may not know what is wrong still hears whether something is. */
  @Get("/readiness")
  HttpResponse<Health> readiness(HttpRequest<?> request) {
    Health health = look();
    boolean mayKnow = access.admits(request.getHeaders().getAll(HttpHeaders.AUTHORIZATION));
    return HttpResponse.<Health>status(
            health.status().equals(DOWN) ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK)
        .body(mayKnow ? health : new Health(health.status(), List.of()));
  }

  private Health look() {
    if (!intake.isOpen()) {
      return down("Slipway is stopping");
    }
    try {
      database.probe();
      return fresh();
    } catch (StoreException e) {
      return down("the database cannot be written");
    }
  }

  /** However often it is asked for, the database is read once a second at most. */
  private synchronized Health fresh() {
    Instant now = clock.instant();
    Health known = read;
    if (known == null || now.isBefore(readAt) || !now.isBefore(readAt.plus(FRESH))) {
      known = read();
      read = known;
      readAt = now;
    }
    return known;
  }

  private Health read() {
    List<String> problems = new ArrayList<>();
    for (Github github : githubHosts.all()) {
      if (!github.hasCredential()) {
        problems.add(
            github.equals(githubHosts.first())
                ? "no GITHUB_TOKEN and no GitHub App: statuses wait in the outbox"
                : "no %s and no GitHub App for %s: its statuses wait in the outbox"
                    .formatted(github.settings().token(), github.host()));
      }
    }
    int waiting = 0;
    List<Outbox> all = outboxes.all();
    for (Outbox outbox : all) {
      Outbox.Backlog backlog = outbox.backlog();
      waiting += backlog.waiting();
      addProblems(all.size() == 1 ? "GitHub" : outbox.host(), backlog, problems);
    }
    List<MissedDeliveries> silences =
        githubHosts.all().stream().map(github -> watch.missedDeliveries(github.host())).toList();
    for (MissedDeliveries silence : silences) {
      if (silence.number() > 0) {
        problems.add(silences.size() == 1 ? silence.notice() : silence.notice(silence.host()));
      }
    }
    int detached = deployments.detached();
    if (detached > 0) {
      problems.add(
          detached
              + " deploys cannot be followed: the settings no longer lead to where they run; their"
              + " logs say more");
    }
    return health(problems, waiting, silences);
  }

  private static void addProblems(String host, Outbox.Backlog backlog, List<String> problems) {
    if (backlog.problem() != null) {
      problems.add(waiting(host, backlog) + "; the last answer was not good");
    }
    if (backlog.refused() > 0) {
      problems.add("%s refuses statuses of %s".formatted(host, repositories(backlog.refused())));
    }
  }

  private static String waiting(String host, Outbox.Backlog backlog) {
    String count =
        backlog.waiting() == 1
            ? "1 status waits for " + host
            : backlog.waiting() + " statuses wait for " + host;
    return backlog.oldest() == null ? count : count + " since " + backlog.oldest();
  }

  private static String repositories(int count) {
    return count == 1 ? "1 repository" : count + " repositories";
  }

  private static Health health(
      List<String> problems, int waiting, List<MissedDeliveries> silences) {
    return new Health(
        problems.isEmpty() ? "UP" : "DEGRADED",
        problems,
        waiting,
        silences.stream()
            .map(MissedDeliveries::lastDelivery)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .map(Instant::toString)
            .orElse(null),
        silences.stream().mapToInt(MissedDeliveries::number).sum(),
        silences.stream().map(HostDeliveries::of).toList());
  }

  private static Health down(String problem) {
    return new Health(DOWN, List.of(problem));
  }
}
