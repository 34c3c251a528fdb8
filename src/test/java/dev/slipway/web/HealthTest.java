package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.TestFolders;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.intake.Intake;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.server.SlipwayServer;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.RunQueue;
import dev.slipway.time.SettableTime;
import dev.slipway.time.SystemTime;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What probes are told, by the framework's own test support and with a real database. */
@MicronautTest(environments = "health-test")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HealthTest {
  @Inject
  @Client("/")
  HttpClient client;

  @Inject Database database;

  @Inject Intake intake;

  @Inject SettableTime clock;

  /** The rest is made by the factories of a server. */
  @Factory
  @Requires(env = "health-test")
  static final class Parts {
    @Singleton
    Configuration configuration() throws IOException {
      return ((Configuration.Loaded.Good)
              ConfigurationReader.load(
                  Map.of("GITHUB_WEBHOOK_SECRET", SlipwayServer.SECRET, "DEPLOY_CMD", "true"),
                  TestFolders.inMemory("health")))
          .configuration();
    }

    @Singleton
    @Bean(preDestroy = "close")
    Database database() throws IOException {
      return Database.open(
          "jdbc:sqlite:" + TestFolders.inMemory("health").resolve("slipway.db"),
          new DatabaseLogin(null, null));
    }

    @Singleton
    @Primary
    @Replaces(bean = SystemTime.class, factory = ClockFactory.class)
    SettableTime clock() {
      return new SettableTime();
    }
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.toBlocking().exchange(path, String.class);
    } catch (HttpClientResponseException e) {
      return e.getResponse()
          .toMutableResponse()
          .body(e.getResponse().getBody(String.class).orElse(""));
    }
  }

  @Test
  @Order(1)
  void a_process_that_answers_lives() {
    assertThat(get("/health/liveness").body()).contains("\"status\":\"UP\"");
  }

  @Test
  @Order(2)
  void without_a_token_it_is_ready_but_says_that_statuses_wait() {
    HttpResponse<String> answer = get("/health/readiness");

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.body()).contains("\"status\":\"DEGRADED\"").contains("GITHUB_TOKEN");
  }

  @Test
  @Order(5)
  void while_it_stops_it_is_not_ready_but_lives() {
    intake.close();

    assertThat(get("/health/readiness").code()).isEqualTo(503);
    assertThat(get("/health/readiness").body()).contains("Slipway is stopping");
    assertThat(get("/health/liveness").code()).isEqualTo(200);
  }

  @Test
  @Order(3)
  void what_waits_is_read_once_a_second_and_not_by_each_request() {
    assertThat(get("/health/readiness").body()).contains("\"statuses_waiting\":0");
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo-org/hello-world"),
            42L,
            SlipwayServer.SHA,
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            clock.instant());
    new Inbox(database, Duration.ofDays(1))
        .record(
            ledger -> {
              Route route =
                  new Route(
                      "web",
                      RouteMatch.ANY,
                      OriginPolicy.NONE,
                      List.of("shell"),
                      null,
                      QueuePolicy.LATEST);
              RunQueue _ = ledger.lockQueue("web");
              long id = ledger.addDeployment(deployment, clock.instant());
              ledger
                  .lockQueue("web")
                  .enqueue(new QueueEntry(id, 1, deployment), route, clock.instant());
              Status status = new Status(GithubState.IN_PROGRESS, "Starting");
              ledger.addStatus(id, 1, status, clock.instant());
              return id;
            });

    clock.pass(Duration.ofMillis(999));
    assertThat(get("/health/readiness").body()).contains("\"statuses_waiting\":0");
    clock.pass(Duration.ofMillis(1));
    assertThat(get("/health/readiness").body()).contains("\"statuses_waiting\":1");
  }

  @Test
  @Order(4)
  void without_a_database_it_is_not_ready_but_lives() {
    database.close();

    assertThat(get("/health/readiness").code()).isEqualTo(503);
    assertThat(get("/health/readiness").body()).contains("\"status\":\"DOWN\"");
    assertThat(get("/health/liveness").code()).isEqualTo(200);
  }
}
