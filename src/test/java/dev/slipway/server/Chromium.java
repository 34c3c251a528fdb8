package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Chromium of this machine. Keeps what its pages complained about. */
final class Chromium implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chromium.class);
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** What a page may look like. */
  enum Look {
    DESK(1280, 900),
    SMALL(800, 420),
    PHONE(390, 844);

    private final int width;
    private final int height;

    Look(int width, int height) {
      this.width = width;
      this.height = height;
    }

    Browser.NewContextOptions options() {
      return new Browser.NewContextOptions().setViewportSize(width, height);
    }
  }

  private final Playwright playwright =
      Playwright.create(
          new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Browser browser;

  private Chromium(Path executable) {
    // Other classes use the cores at the same time, and the builtin five seconds measure them
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
    this.browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
  }

  /** Starts it; without one on this machine the test is skipped, and says so. */
  static Chromium orSkip() {
    Optional<Path> executable =
        PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    if (executable.isEmpty()) {
      LOG.warn("The log page is NOT tested: there is no browser at any of {}", PLACES);
    }
    Assumptions.assumeTrue(executable.isPresent(), "no browser at any of " + PLACES);
    return new Chromium(executable.get());
  }

  Page page(Look look) {
    return page(look.options());
  }

  Page page(Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(30_000);
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (!message.type().equals("log")) {
            complaints.add(message.type() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add("error: " + error));
    page.onDialog(
        dialog -> {
          complaints.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith("http://localhost:")) {
            complaints.add("asked for " + request.url());
          }
        });
    return page;
  }

  /** No script error, no refusal by the policy, no dialog, no address of another host. */
  void assertNoComplaints() {
    assertThat(complaints).isEmpty();
  }

  /** Ends the pages of one test, and what they said. */
  void closePages() {
    browser.contexts().forEach(BrowserContext::close);
    complaints.clear();
  }

  /** The address under which a browser finds a server of this machine trustworthy. */
  static String local(String url) {
    return url.replace("//0.0.0.0:", "//localhost:");
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
