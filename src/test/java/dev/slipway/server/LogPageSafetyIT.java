package dev.slipway.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.slipway.secret.SignedLogLinks;
import dev.slipway.server.Chromium.Look;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.time.SystemTime;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the log page withstands: hostile text, wrong links, browsers that can do less. */
@Order(1) // takes long
class LogPageSafetyIT {
  private static final String HOSTILE =
      """
      <script>alert('script')</script>
      <img src=x onerror=alert('image')><svg onload=alert('svg')>
      </span></li></ol></main><iframe src="javascript:alert('frame')"></iframe>
      "><a href="javascript:alert(1)">&lt;b&gt;&amp;${7*7}{{7*7}}
      \u001b]8;;javascript:alert(1)\u0007osc link\u001b]8;;\u0007 after
      overwritten\rwhat stays
      nul[\u0000] bell[\u0007] back[\u001b[2J\u001b[H]
      half[\u00e2\u0082] and more
      \u001b[31;<script>mstyle
      data: {"segments":1}
      """;

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
  void prepare() {
    script = new ScriptedCommand(folder);
    world = new SlipwayServer(folder).set("DEPLOY_CMD", ScriptedCommand.COMMAND).start();
  }

  @AfterEach
  void stop() {
    chromium.closePages();
    script.does("exit 0");
    world.close();
  }

  private String deliver(String event) {
    world.deliver(event);
    Await.until(() -> "no status", () -> !world.posted(42).isEmpty());
    return Chromium.local(world.onThisPort(world.posted(42).getFirst().logUrl()));
  }

  /** As the plain text has it. */
  private static List<String> shown(Page page) {
    return page.locator("#log li").all().stream()
        .map(
            line ->
                line.locator("time").getAttribute("datetime")
                    + (line.getAttribute("class").equals("own") ? " ▸ " : " ")
                    + line.locator(".text").textContent())
        .toList();
  }

  @Test
  void hostile_output_is_text_whether_it_came_live_or_with_the_page() {
    Page page = chromium.page(Look.DESK);
    page.navigate(deliver(SlipwayServer.event()));
    assertThat(page.locator("#live")).hasText("Live");
    script.prints(HOSTILE.getBytes(ISO_8859_1));
    script.does("exit 0");
    assertThat(page.locator("#summary .state")).hasText("Success");

    List<String> live = shown(page);
    page.reload();
    assertThat(page.locator("#log li")).hasCount(live.size());
    assertThat(shown(page)).isEqualTo(live);
    assertThat(world.get(URI.create(page.url() + "/log")).body().lines().toList()).isEqualTo(live);
    assertThat(page.locator("#log .out .text").allTextContents())
        .contains(
            "<script>alert('script')</script>",
            "<img src=x onerror=alert('image')><svg onload=alert('svg')>",
            "\"><a href=\"javascript:alert(1)\">&lt;b&gt;&amp;${7*7}{{7*7}}",
            "osc link after",
            "what stays",
            "nul[] bell[] back[]",
            "half[\ufffd] and more");
    assertThat(page.locator("#log").locator("script, img, svg, iframe, a")).hasCount(0);
    chromium.assertNoComplaints();
  }

  @Test
  void hostile_names_are_text() {
    Page page = chromium.page(Look.DESK);
    String name = "<img src=x onerror=alert(1)>\\\" onclick=\\\"alert(2)";
    page.navigate(
        deliver(
            SlipwayServer.event()
                .replace("from chat", name)
                .replace("\"mia\"", "\"" + name + "\"")
                .replace("\"ref\":\"main\"", "\"ref\":\"" + name + "\"")));

    assertThat(page.locator(".facts .full dd"))
        .hasText("<img src=x onerror=alert(1)>\" onclick=\"alert(2)");
    assertThat(page.locator("#summary [onclick], #summary img")).hasCount(0);
    chromium.assertNoComplaints();
  }

  @Test
  void without_scripts_the_page_shows_the_end_of_the_log() {
    String url = deliver(SlipwayServer.event());
    script.does("seq 1 9000; echo last; exit 0");
    world.awaitEnd();
    Page page = chromium.page(Look.DESK.options().setJavaScriptEnabled(false));
    page.navigate(url);

    assertThat(page.locator("#summary .state")).hasText("Success");
    assertThat(page.locator("#log .out").last()).containsText("last");
    assertThat(page.locator("#controls")).isHidden();
    assertThat(page.locator("#earlier")).isHidden();
    assertThat(page.locator("noscript")).isVisible();
    page.locator("#before a").click();
    assertThat(page.locator("body")).containsText("▸ ");
    assertThat(page.locator("body")).containsText(" 4500\n");
    chromium.assertNoComplaints();
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void nothing_is_wider_than_a_phone(ColorScheme scheme) {
    String reason = "d".repeat(140);
    Page page = chromium.page(Look.PHONE.options().setColorScheme(scheme));
    page.navigate(deliver(SlipwayServer.event().replace("from chat", reason)));
    script.does("printf 'x%.0s' $(seq 1 500); echo; echo description=" + "y".repeat(200));
    script.does("echo description=" + "z".repeat(180) + " > \"$SLIPWAY_OUTPUT\"; exit 3");
    assertThat(page.locator("#summary .state")).hasText("Failure");

    assertThat((Integer) page.evaluate("document.scrollingElement.scrollWidth"))
        .isLessThanOrEqualTo(390);
    assertThat(page.evaluate(CLIPPED)).isEqualTo(List.of());
    chromium.assertNoComplaints();
  }

  /** Elements whose text does not fit into them. */
  private static final String CLIPPED =
      """
      [...document.querySelectorAll("body *")]
        .filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1
          && getComputedStyle(e).overflowX !== "visible")
        .map((e) => e.outerHTML.slice(0, 80))
      """;

  @Test
  void a_link_that_is_not_right_shows_nothing() {
    String url = deliver(SlipwayServer.event());
    script.prints("for these eyes only\n");
    String key = url.substring(url.lastIndexOf('/') + 1);
    char first = key.charAt(key.length() - 5);
    String tampered = key.substring(0, key.length() - 5) + (first == 'A' ? 'B' : 'A') + "AAAA";
    world.stop();
    String expired = keyOfYesterday();
    world.start();

    Page page = chromium.page(Look.DESK);
    for (String path :
        List.of("1/" + tampered, "2/" + key, "1/x", "0x1/" + key, "1/" + expired, "1/..%2F1")) {
      for (String part : List.of("", "/log", "/events", "/lines?before=99999")) {
        var answer = world.get(world.at("/deployments/" + path + part));
        assertThat(answer.statusCode()).as(path + part).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("octo-org").doesNotContain("these eyes");
      }
      page.navigate(Chromium.local(world.at("/deployments/" + path).toString()));
      assertThat(page.locator("script")).hasCount(0);
    }
    page.navigate(Chromium.local(world.at("/deployments/1/" + expired).toString()));
    assertThat(page.locator("h1")).hasText("This link does not open a log");
    assertThat(world.get(world.at("/deployments/1/" + key)).statusCode()).isEqualTo(200);
  }

  private String keyOfYesterday() {
    String file = "jdbc:sqlite:" + folder.resolve("data/slipway.db");
    try (Database database = Database.open(file, new DatabaseLogin(null, null))) {
      String path =
          new SignedLogLinks(LogLinkKey.of(null, null, database).secret())
              .path(1, 0, new SystemTime().instant().minus(Duration.ofDays(1)))
              .orElseThrow();
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  @Test
  void many_pages_can_be_open_at_once() {
    String url = deliver(SlipwayServer.event());
    List<Page> pages =
        IntStream.range(0, 4)
            .mapToObj(
                _ -> {
                  Page page = chromium.page(Look.DESK);
                  page.navigate(url);
                  return page;
                })
            .toList();
    script.prints("seen by all\n");
    for (Page page : pages) {
      Locator line = page.locator("#log .out .text", new Page.LocatorOptions().setHasText("seen"));
      assertThat(line).hasText("seen by all");
    }
    chromium.assertNoComplaints();
  }
}
