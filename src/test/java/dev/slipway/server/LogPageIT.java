package dev.slipway.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.matchers.Times.unlimited;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.slipway.FreePort;
import dev.slipway.intake.Accept;
import dev.slipway.intake.EventRouter;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.server.Chromium.Look;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.matchers.TimeToLive;

/** The log page in a real browser, while a real run goes on. */
@Order(1) // takes long
class LogPageIT {
  private static final String ESC = "\u001b";

  private static Chromium chromium;

  @TempDir Path folder;
  private SlipwayServer world;
  private ScriptedCommand script;

  @BeforeAll
  static void launch() {
    chromium = Chromium.orSkip();
  }

  @AfterAll
  static void end() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void start() {
    script = new ScriptedCommand(folder);
    world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", ScriptedCommand.COMMAND)
            .set("PORT", Integer.toString(FreePort.choose()))
            .start();
  }

  @AfterEach
  void stop() {
    chromium.closePages();
    script.does("exit 0");
    world.close();
  }

  /** Delivers a deployment and opens its page. */
  private Page open(Look look) {
    Page page = chromium.page(look);
    page.navigate(logUrl());
    return page;
  }

  private String logUrl() {
    world.deliver(SlipwayServer.event());
    Await.until(() -> "no status", () -> !world.posted(42).isEmpty());
    return Chromium.local(world.onThisPort(world.posted(42).getFirst().logUrl()));
  }

  private static Locator lines(Page page) {
    return page.locator("#log .out .text");
  }

  private static Locator line(Page page, String text) {
    return lines(page).getByText(text, new Locator.GetByTextOptions().setExact(true));
  }

  @Test
  void lines_and_states_come_as_they_happen() {
    Page page = open(Look.DESK);
    page.evaluate("window.sameDocument = true");
    assertThat(page.locator("h1")).containsText("octo-org/hello-world production");
    assertThat(page.locator("#summary .state")).hasText("In progress");
    assertThat(page.locator("#live")).hasText("Live");

    script.prints("building\n");
    assertThat(line(page, "building")).isVisible();
    script.prints("shipping\n");
    assertThat(line(page, "shipping")).isVisible();
    script.does("exit 0");

    assertThat(page.locator("#summary .state")).hasText("Success");
    assertThat(page.locator(".chain .succeeded .name")).hasText("shell");
    assertThat(page.locator(".statuses > li")).hasCount(2);
    assertThat(page.locator(".statuses > li.success .sent")).hasText("GitHub has it");
    assertThat(page.locator("#live")).hasText("");
    assertThat(page.title()).startsWith("Success: octo-org/hello-world → production");
    assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
    chromium.assertNoComplaints();
  }

  @Test
  void a_failure_shows_its_reason() {
    Page page = open(Look.DESK);
    script.does("echo no space left; exit 7");

    assertThat(page.locator("#summary .state")).hasText("Failure");
    assertThat(page.locator("#summary > .reason")).hasText("Command exited with 7");
    assertThat(page.locator(".chain > li")).hasCount(1);
    assertThat(page.locator(".chain .failed .name")).hasText("shell");
    chromium.assertNoComplaints();
  }

  @Test
  void targets_that_were_taken_out_of_the_configuration_are_shown_as_skipped() {
    world.stop();
    waitInQueue(List.of("render-hook", "render-api", "shell"));
    script.does("exit 0");
    world.start();
    world.awaitEnd();
    Page page = open(Look.DESK);

    assertThat(page.locator(".chain .succeeded .name")).hasText("shell");
    Locator skipped = page.locator(".chain .skipped details");
    assertThat(skipped.locator("summary .name")).containsText("render-hook, render-api");
    assertThat(skipped.locator(".members")).isHidden();
    skipped.locator("summary").click();
    assertThat(skipped.locator(".members")).containsText("RENDER_DEPLOY_HOOK_URL is not set");
    chromium.assertNoComplaints();
  }

  /** Deployment 42 comes while the default route has these targets. */
  private void waitInQueue(List<String> chain) {
    String url = "jdbc:sqlite:" + folder.resolve("data").resolve("slipway.db");
    Route route =
        new Route(
            Route.DEFAULT, RouteMatch.ANY, OriginPolicy.NONE, chain, null, QueuePolicy.LATEST);
    Delivery delivery =
        new Delivery("guid", "deployment", DeliverySource.WEBHOOK, "current", "00", Instant.now());
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      Intake intake =
          new Intake(
              new Inbox(database, Duration.ofDays(1)),
              List.of(route),
              Duration.ofDays(1),
              InstantSource.system());
      assertThat(
              Accept.delivery(
                  intake,
                  new EventRouter.Sender("127.0.0.1", Optional.of("127.0.0.1")),
                  delivery,
                  SlipwayServer.event().getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(Decision.Accepted.class);
    }
  }

  @Test
  void a_status_waits_for_github_until_github_takes_it() {
    AtomicInteger ids = new AtomicInteger();
    AtomicBoolean down = new AtomicBoolean(true);
    world
        .services
        .when(request().withPath("/repos/.*/statuses"), unlimited(), TimeToLive.unlimited(), 9)
        .respond(
            _ ->
                down.get()
                    ? response().withStatusCode(502)
                    : response("{\"id\":" + ids.incrementAndGet() + "}").withStatusCode(201));
    Page page = open(Look.DESK);
    Locator first = page.locator(".statuses > li").first();

    assertThat(first.locator(".sent")).hasText("waiting for GitHub");
    assertThat(first.locator(".problem")).containsText("502");
    assertThat(page.locator(".notice"))
        .containsText(Pattern.compile("^\\s*1 status waits for GitHub since .* UTC: .*502"));
    script.does("exit 0");
    assertThat(page.locator(".notice"))
        .containsText(Pattern.compile("^\\s*2 statuses wait for GitHub since"));
    assertThat(page.locator("#summary .state")).hasText("Success");

    down.set(false);
    assertThat(page.locator(".statuses .sent"))
        .hasText(
            new String[] {"GitHub has it", "GitHub has it"},
            new LocatorAssertions.HasTextOptions().setTimeout(50_000));
    assertThat(page.locator(".notice")).hasCount(0);
    chromium.assertNoComplaints();
  }

  @Test
  void colours_are_classes_and_do_not_run_over_into_the_next_line() {
    Page page = open(Look.DESK);
    script.prints(ESC + "[1;31mred" + ESC + "[0m plain " + ESC + "[42mgreen\nnext\n");

    assertThat(line(page, "next")).isVisible();
    assertThat(page.locator("#log .b.fg1")).hasText("red");
    assertThat(page.locator("#log .bg2")).hasText("green");
    assertThat(page.locator("#log [style]")).hasCount(0);
    assertThat(line(page, "next").getAttribute("class")).isEmpty();
    assertThat(world.get(URI.create(page.url() + "/log")).body())
        .contains("red plain green\n")
        .doesNotContain(ESC);
    chromium.assertNoComplaints();
  }

  @Test
  void following_can_be_stopped_and_taken_up() {
    Page page = open(Look.SMALL);
    Locator follow = page.locator("#follow");
    script.does("seq 1 200");
    assertThat(line(page, "200")).isInViewport();
    assertThat(follow).hasAttribute("aria-pressed", "true");
    assertThat(page.locator("#where .state")).hasText("In progress");

    page.mouse().move(300, 300);
    page.mouse().wheel(0, -1200);
    assertThat(follow).hasAttribute("aria-pressed", "false");
    script.does("seq 201 300");
    assertThat(line(page, "300")).isAttached();
    assertThat(line(page, "300")).not().isInViewport();

    follow.click();
    assertThat(line(page, "300")).isInViewport();
    script.does("seq 301 400");
    assertThat(line(page, "400")).isInViewport();
    chromium.assertNoComplaints();
  }

  @Test
  void times_can_be_hidden_and_the_choice_is_remembered() {
    Page page = open(Look.DESK);
    script.prints("one\n");
    Locator time = page.locator("#log .out time").first();
    assertThat(time).isVisible();
    assertThat(time.textContent()).matches("\\d\\d:\\d\\d:\\d\\d");

    page.locator("#times").click();
    assertThat(time).isHidden();
    page.reload();
    assertThat(line(page, "one")).isVisible();
    assertThat(time).isHidden();
    page.locator("#times").click();
    assertThat(time).isVisible();
    chromium.assertNoComplaints();
  }

  @Test
  void a_page_goes_on_where_it_was_after_slipway_was_away() {
    Page page = open(Look.DESK);
    script.does("seq 1 50");
    assertThat(line(page, "50")).isVisible();

    world.stop();
    assertThat(page.locator("#live")).containsText("Connection lost");
    script.does("seq 51 100");
    world.start();
    assertThat(line(page, "100")).isVisible();
    script.does("seq 101 110; exit 0");

    assertThat(page.locator("#summary .state")).hasText("Success");
    assertThat(line(page, "110")).isVisible();
    assertThat(lines(page).allTextContents())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 110).mapToObj(String::valueOf).toList());
  }

  @Test
  void many_lines_do_not_hold_the_page_up() {
    Page page = open(Look.DESK);
    script.does("seq -f 'line %g of many' 1 12000");

    assertThat(line(page, "line 12000 of many")).isInViewport();
    assertThat(page.locator("#dropped")).isVisible();
    assertThat(page.locator("#log li").count()).isBetween(3500, 5000);
    page.reload();
    assertThat(line(page, "line 12000 of many")).isInViewport();
    assertThat(page.locator("#log li").count()).isBetween(1000, 5000);
    chromium.assertNoComplaints();
  }

  @Test
  void earlier_lines_are_loaded_without_gap_or_duplicate() {
    String url = logUrl();
    script.does("seq -f '%g äöü€🚀 äöü€🚀 äöü€🚀' 1 4500; exit 0");
    world.awaitEnd();
    Page page = chromium.page(Look.DESK);
    page.navigate(url);
    Locator earlier = page.locator("#earlier");
    assertThat(earlier).isVisible();
    assertThat(lines(page).filter(text("1 äöü"))).hasCount(0);

    while (earlier.count() > 0 && earlier.isVisible()) {
      int rows = page.locator("#log li").count();
      earlier.click();
      page.waitForCondition(() -> page.locator("#log li").count() > rows);
    }
    List<String> numbers =
        lines(page).allTextContents().stream()
            .map(line -> line.substring(0, line.indexOf(' ')))
            .toList();
    assertThat(numbers)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 4500).mapToObj(String::valueOf).toList());
    chromium.assertNoComplaints();
  }

  private static Locator.FilterOptions text(String text) {
    return new Locator.FilterOptions().setHasText(java.util.regex.Pattern.compile("^" + text));
  }
}
