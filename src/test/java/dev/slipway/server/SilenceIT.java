package dev.slipway.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.slipway.time.SystemTime;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GitHub makes deployments and delivers nothing: whoever looks is told, until it delivers. */
class SilenceIT {
  private static final String DEPLOYMENTS = "/repos/octo-org/hello-world/deployments";

  @TempDir Path folder;

  private static void answer(SlipwayServer world, String path, AtomicReference<String> body) {
    world
        .services
        .when(request().withMethod("GET").withPath(path))
        .respond(_ -> response().withStatusCode(200).withBody(body.get()));
  }

  private static String made() {
    String now = new SystemTime().instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return SlipwayServer.json(SlipwayServer.event())
        .path("deployment")
        .toString()
        .replace(SlipwayServer.CREATED_AT, now);
  }

  private static HttpResponse<String> readiness(SlipwayServer world) {
    return world.get(world.at("/health/readiness"));
  }

  @Test
  void deployments_that_github_did_not_tell_of_are_shown_until_it_delivers() throws Exception {
    AtomicReference<String> list = new AtomicReference<>("[]");
    ScriptedCommand script = new ScriptedCommand(folder);
    try (Chromium chromium = Chromium.orSkip();
        SlipwayServer world =
            new SlipwayServer(folder).set("DEPLOY_CMD", ScriptedCommand.COMMAND)) {
      world
          .set("SLIPWAY_REPOSITORIES", "octo-org/hello-world")
          .set("SLIPWAY_RECONCILE_EVERY", "200ms")
          .set("SLIPWAY_RECONCILE_GRACE", "1ms");
      answer(world, DEPLOYMENTS, list);
      answer(world, SlipwayServer.STATUSES, new AtomicReference<>("[]"));
      world.start();
      Await.until(() -> "no look", () -> world.calls().toString().contains(DEPLOYMENTS));
      assertThat(readiness(world).body())
          .contains("\"UP\"", "\"last_delivery\":null", "\"deployments_missed\":0");

      list.set("[" + made() + "]");
      Await.until(() -> "no status", () -> !world.posted(42).isEmpty());
      Await.until(
          () -> readiness(world).body(),
          () -> readiness(world).body().contains("\"deployments_missed\":1"));
      assertThat(readiness(world).statusCode()).isEqualTo(200);
      assertThat(readiness(world).body()).contains("\"DEGRADED\"", "GitHub made 1 deployment");
      Page page = chromium.page(Chromium.Look.PHONE);
      page.navigate(Chromium.local(world.onThisPort(world.posted(42).getFirst().logUrl())));
      Locator notice = page.locator(".notice");
      assertThat(notice).containsText(Pattern.compile("GitHub made 1 deployment, .*deliveries$"));
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);

      world.deliver(SlipwayServer.event());
      assertThat(notice).hasCount(0);
      Await.until(
          () -> readiness(world).body(),
          () -> readiness(world).body().contains("\"deployments_missed\":0"));
      assertThat(readiness(world).body()).contains("\"UP\"", "\"last_delivery\":\"2");
      script.does("exit 0");
      assertThat(page.locator("#summary .state")).hasText("Success");
      chromium.assertNoComplaints();
    }
  }
}
