package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.http.ConnectProxy;
import dev.slipway.http.OwnAuthority;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.integration.ClientAndServer;

/**
 * A further GitHub host behind a proxy, with a certificate of its own authority: real TLS, a real
 * proxy. Neither is there for the first host.
 */
class HostEgressIT {
  private static final String BEHIND = "only-the-proxy-knows.invalid";
  private static final String SECRET = "the secret of the other host";

  @TempDir Path folder;

  private static void takesStatuses(ClientAndServer github) {
    github
        .when(request().withMethod("POST").withPath("/api/v3/repos/.*/statuses"))
        .respond(
            response("{\"id\":5}")
                .withStatusCode(201)
                .withHeader("Content-Type", "application/json"));
  }

  private static List<String> posted(ClientAndServer github) {
    return Arrays.stream(github.retrieveRecordedRequests(request().withMethod("POST")))
        .map(post -> SlipwayServer.json(post.getBodyAsString()).path("state").asString())
        .toList();
  }

  private static void deliver(SlipwayServer world, String host, String secret, long id) {
    byte[] event =
        SlipwayServer.event(id, "staging", SlipwayServer.SHA).getBytes(StandardCharsets.UTF_8);
    assertThat(
            world
                .send(
                    HttpRequest.newBuilder(world.at("/webhooks/github"))
                        .header("Content-Type", "application/json")
                        .header("X-GitHub-Event", "deployment")
                        .header("X-GitHub-Enterprise-Host", host)
                        .header("X-GitHub-Delivery", "delivery-" + id)
                        .header(
                            "X-Hub-Signature-256",
                            "sha256="
                                + HexFormat.of().formatHex(Hmac.of(new Secret(secret), event)))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(event))
                        .build())
                .statusCode())
        .isEqualTo(202);
  }

  @Test
  void the_ca_and_the_proxy_of_one_host_are_for_that_host_alone() throws Exception {
    ClientAndServer github = ClientAndServer.startClientAndServer(0);
    takesStatuses(github);
    OwnAuthority authority = new OwnAuthority(folder, "localhost", BEHIND);
    try (ServerSocket tls = authority.before(github.getPort());
        ConnectProxy proxy = new ConnectProxy("robot:p@ss", tls.getLocalPort());
        SlipwayServer world = new SlipwayServer(folder)) {
      Files.writeString(
          folder.resolve("slipway.yml"),
          """
          github-hosts:
            - api-url: https://%s:%d/api/v3
              webhook-secret: %s
              token: ghp_otherhostotherhostotherhostotherhost
              ca-file: %s
              https-proxy: http://robot:p%%40ss@127.0.0.1:%d
          """
              .formatted(
                  BEHIND, tls.getLocalPort(), SECRET, authority.certificate(), proxy.port()));
      // The very same server, which the first host has no reason to trust
      world
          .set("GITHUB_API_URL", "https://localhost:%d/api/v3".formatted(tls.getLocalPort()))
          .set("DEPLOY_CMD", "true")
          .start();

      deliver(world, BEHIND, SECRET, 7);
      Await.until(() -> posted(github).toString(), () -> posted(github).contains("success"));
      assertThat(proxy.asked())
          .isNotEmpty()
          .containsOnly("CONNECT %s:%d HTTP/1.1".formatted(BEHIND, tls.getLocalPort()));

      deliver(world, "localhost", SlipwayServer.SECRET, 42);
      Await.until(() -> statuses(world), () -> statuses(world).contains("no TLS with localhost"));
      assertThat(statuses(world))
          .contains("localhost octo-org/hello-world deployment 42")
          .doesNotContain("deployment 7", "p@ss", "p%40ss");
      assertThat(github.retrieveRecordedRequests(request().withPath(".*/deployments/42/.*")))
          .isEmpty();
    } finally {
      github.stop();
    }
  }

  private String statuses(SlipwayServer world) {
    return CommandRun.of(world, folder, "statuses").out();
  }
}
