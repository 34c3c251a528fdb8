package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/** GitHub is down: the deploy goes on and ends, the page and readiness say so, all arrive later. */
class GithubAwayIT {
  private static final HttpRequest POSTS =
      request().withMethod("POST").withPath("/repos/.*/statuses");
  private static final HttpRequest LOOKS =
      request().withMethod("GET").withPath("/repos/.*/statuses");

  @TempDir Path folder;

  private final AtomicBoolean isDown = new AtomicBoolean(true);
  private final List<String> taken = new CopyOnWriteArrayList<>();

  private HttpResponse answer(HttpRequest post) {
    if (isDown.get()) {
      return response().withStatusCode(503).withBody("{\"message\":\"Unicorn!\"}");
    }
    taken.add(SlipwayServer.json(post.getBodyAsString()).path("state").asString());
    return response().withStatusCode(201).withBody("{\"id\":%d}".formatted(900 + taken.size()));
  }

  private SlipwayServer world() {
    SlipwayServer world =
        new SlipwayServer(folder).set("DEPLOY_CMD", "echo deployed >> %s/done".formatted(folder));
    world.services.clear(POSTS);
    world.services.when(POSTS).respond(this::answer);
    world.services.when(LOOKS).respond(response().withStatusCode(200).withBody("[]"));
    return world;
  }

  private static void awaitHealth(SlipwayServer world, String part) {
    URI readiness = world.at("/health/readiness");
    Await.until(
        () -> world.get(readiness).body(), () -> world.get(readiness).body().contains(part));
  }

  @Test
  void a_deploy_ends_while_github_is_down_and_its_statuses_arrive_once_when_it_is_back() {
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event());
      awaitHealth(world, "\"statuses_waiting\":2");
      assertThat(folder.resolve("done")).hasContent("deployed");
      awaitHealth(world, "2 statuses wait for GitHub since 20");
      awaitHealth(world, "\"DEGRADED\"");
      String link = URI.create(world.posted(42).getFirst().logUrl()).getRawPath();
      assertThat(world.get(world.at(link)).body())
          .contains("2 statuses wait for GitHub since", "UTC: GitHub answered 503: Unicorn!");

      isDown.set(false);
      awaitHealth(world, "\"statuses_waiting\":0");

      assertThat(taken).containsExactly("in_progress", "success");
      awaitHealth(world, "\"UP\"");
      assertThat(world.get(world.at(link)).body()).doesNotContain("for GitHub");
      assertThat(folder.resolve("done")).hasContent("deployed");
    }
  }
}
