package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.StateSchedule;
import dev.slipway.http.Http;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.Repository;
import dev.slipway.model.Status;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.server.Await;
import dev.slipway.server.SlipwayServer;
import dev.slipway.server.TargetFactory;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.FakeCallbacks;
import dev.slipway.targets.StartExecutor;
import dev.slipway.time.SettableTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.integration.ClientAndServer;

/** Providers that never finish a deploy, or take a connection and say nothing. */
class NeverEndsTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final String SERVICE = "srv-cukouhrtq21c73e9scng";
  private static final String HOOK_KEY = "hook-1234";
  private static final String RENDER_KEY = "rnd_abcdefghijklmnop";
  private static final String QOVERY_TOKEN = "qov_abcdefghijklmnop";
  private static final String APPLICATION = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

  @TempDir Path folder;
  private final SettableTime time = new SettableTime();
  private final Http http = new Http(Duration.ofSeconds(30), "Slipway/test");

  /** For a provider that says nothing, which is waited for in vain each time. */
  private final Http impatient = new Http(Duration.ofMillis(150), "Slipway/test");

  private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
  private final Queue<FakeEvent> events = new ConcurrentLinkedQueue<>();
  private ServerSocket silent;
  private FakeRender endlessRender;
  private FakeQovery endlessQovery;
  private Database database;

  enum Provider {
    RENDER_HOOK {
      @Override
      void set(Map<String, String> environment, String base) {
        environment.put("RENDER_DEPLOY_HOOK_URL", base + "/deploy/" + SERVICE + "?key=" + HOOK_KEY);
        environment.put("RENDER_API_KEY", RENDER_KEY);
      }
    },
    RENDER_API {
      @Override
      void set(Map<String, String> environment, String base) {
        environment.put("RENDER_SERVICE_ID", SERVICE);
        environment.put("RENDER_API_KEY", RENDER_KEY);
      }
    },
    QOVERY {
      @Override
      void set(Map<String, String> environment, String base) {
        environment.put("QOVERY_APPLICATION_ID", APPLICATION);
        environment.put("QOVERY_API_TOKEN", QOVERY_TOKEN);
      }
    },
    HTTP {
      @Override
      void set(Map<String, String> environment, String base) {
        environment.put("DEPLOY_HTTP_URL", base);
        environment.put("DEPLOY_HTTP_SECRET", "secret-of-the-receiver");
      }
    };

    abstract void set(Map<String, String> environment, String base);
  }

  @BeforeEach
  void open() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::takeAndSayNothing);
    endlessRender =
        new FakeRender(
            new FakeRender.Account(SERVICE, new Secret(HOOK_KEY), new Secret(RENDER_KEY)),
            time,
            events::add);
    endlessRender.script(_ -> StateSchedule.endless("build_in_progress"));
    endlessQovery =
        new FakeQovery(new Secret(QOVERY_TOKEN), time, events::add).withApplication(APPLICATION);
    endlessQovery.script(_ -> StateSchedule.endless("BUILDING"));
    database =
        Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null));
  }

  @AfterEach
  void close() throws IOException {
    silent.close();
    endlessRender.close();
    endlessQovery.close();
    for (Socket connection : connections) {
      connection.close();
    }
    http.close();
    impatient.close();
    database.close();
  }

  private void takeAndSayNothing() {
    try {
      while (true) {
        connections.add(silent.accept());
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private Configuration configuration(Provider provider, URI base) {
    Map<String, String> environment = new HashMap<>();
    environment.put("GITHUB_WEBHOOK_SECRET", "a secret of good length");
    environment.put("RENDER_API_URL", base.toString());
    environment.put("QOVERY_API_URL", base.toString());
    environment.put("SLIPWAY_START_LIMIT", "1m");
    environment.put("SLIPWAY_UNKNOWN_GRACE", "10s");
    environment.put("SLIPWAY_UNKNOWN_LIMIT", "1m");
    environment.put("SLIPWAY_DEPLOY_TIMEOUT", "20m");
    provider.set(environment, base.toString());
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Good(Configuration good) -> good;
      case Configuration.Loaded.Bad(List<String> problems) ->
          throw new AssertionError(String.join("\n", problems));
    };
  }

  private List<Status> deploy(Http caller, Configuration configuration) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            42L,
            SlipwayServer.SHA,
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    long accepted =
        new Inbox(database, Duration.ofDays(1))
            .record(
                ledger -> {
                  long id = ledger.addDeployment(deployment, T0);
                  ledger
                      .lockQueue("key")
                      .enqueue(
                          new QueueEntry(id, 1, deployment),
                          configuration.routes().getFirst().route(),
                          T0);
                  return id;
                });
    Redactor redactor = new Redactor(configuration.secrets());
    Worker worker =
        new Worker(
            new Runs(database, Duration.ofSeconds(20)),
            new RouteTargets(
                new TargetFactory(caller, redactor, time, new FakeCallbacks(), AcceptedDeploys.NONE)
                    .targets(configuration.routes()),
                new StartExecutor(caller::send, time),
                new OpenStartGate(),
                Integer.MAX_VALUE),
            new RunLog(new Logs(database), redactor, time),
            redactor,
            time,
            time,
            "test");
    assertThat(worker.acquireBatch()).isTrue();
    Await.until(() -> "in work at " + time.instant(), () -> worker.activeRuns() == 0);
    return new DeploymentQueries(database)
        .find(accepted).orElseThrow().statuses().stream()
            .map(DeploymentQueries.StatusReport::status)
            .toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_provider_that_says_nothing_ends_as_one_error(Provider provider) throws IOException {
    List<Status> statuses =
        deploy(
            impatient,
            configuration(provider, URI.create("http://127.0.0.1:" + silent.getLocalPort())));

    assertThat(statuses).extracting(Status::state).containsExactly(GithubState.ERROR);
    assertThat(time.instant()).isBefore(T0.plus(Duration.ofMinutes(5)));
    assertThat(connections).isNotEmpty();
    for (Socket connection : connections) {
      assertGivenBack(connection);
    }
  }

  /** What was sent is read to its end, and there is one: the caller has closed its side. */
  private static void assertGivenBack(Socket connection) throws IOException {
    connection.setSoTimeout(40_000);
    try {
      byte[] _ = connection.getInputStream().readAllBytes();
    } catch (SocketTimeoutException stillOpen) {
      throw new AssertionError("a connection was left open", stillOpen);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HTTP")
  void a_deploy_that_never_ends_is_one_failure_at_its_deadline(Provider provider) {
    URI address = provider == Provider.QOVERY ? endlessQovery.address() : endlessRender.address();
    List<Status> statuses = deploy(http, configuration(provider, address));

    assertThat(statuses).extracting(Status::state).containsExactly(GithubState.FAILURE);
    assertThat(statuses.getFirst().description()).startsWith("Not finished after 20 m");
    assertThat(events).filteredOn(FakeEvent.DeployCreated.class::isInstance).hasSize(1);
    assertThat(time.instant())
        .isBetween(T0.plus(Duration.ofMinutes(20)), T0.plus(Duration.ofMinutes(22)));
  }

  @Test
  void a_receiver_that_never_calls_back_is_one_failure_at_the_deadline() {
    try (ClientAndServer receiver = ClientAndServer.startClientAndServer(0)) {
      receiver.when(request()).respond(response().withStatusCode(202));
      List<Status> statuses =
          deploy(
              http,
              configuration(Provider.HTTP, URI.create("http://127.0.0.1:" + receiver.getPort())));

      assertThat(statuses).extracting(Status::state).containsExactly(GithubState.FAILURE);
      assertThat(statuses.getFirst().description()).startsWith("Not finished after 20 m");
      assertThat(receiver.retrieveRecordedRequests(null)).hasSize(1);
    }
  }
}
