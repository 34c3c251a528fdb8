package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More open pages of one deployment than there are event streams for it. */
class ManyPagesIT {
  private static final int MOST = 50;

  @TempDir Path folder;

  @Test
  void one_stream_too_many_is_refused_and_the_lines_can_be_asked_for() throws Exception {
    List<Socket> pages = new ArrayList<>();
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "echo first; while [ ! -e go ]; do sleep 0.1; done")) {
      world.set("DEPLOY_CMD_DIR", folder.toString()).start();
      world.deliver(SlipwayServer.event());
      Await.until(() -> "no status", () -> !world.posted(42).isEmpty());
      String link = world.onThisPort(world.posted(42).getFirst().logUrl());
      String path = URI.create(link).getPath() + "/events";
      for (int i = 0; i < MOST; i++) {
        pages.add(open(world, path));
      }
      HttpResponse<String> refused = world.get(world.at(path));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("30");

      Await.until(
          () -> world.get(URI.create(link + "/later?from=0")).body(),
          () -> world.get(URI.create(link + "/later?from=0")).body().contains("first"));
      assertThat(world.get(world.at("/deployments/1/x/later?from=0")).statusCode()).isEqualTo(404);

      pages.removeLast().close();
      Await.until(() -> "no room", () -> tryOpen(world, path, pages));
    } finally {
      java.nio.file.Files.createFile(folder.resolve("go"));
      for (Socket page : pages) {
        page.close();
      }
    }
  }

  @Test
  void a_page_that_gets_no_stream_shows_new_lines_all_the_same() throws Exception {
    List<Socket> pages = new ArrayList<>();
    ScriptedCommand script = new ScriptedCommand(folder);
    try (Chromium chromium = Chromium.orSkip();
        SlipwayServer world =
            new SlipwayServer(folder).set("DEPLOY_CMD", ScriptedCommand.COMMAND).start()) {
      world.deliver(SlipwayServer.event());
      Await.until(() -> "no status", () -> !world.posted(42).isEmpty());
      String link = world.onThisPort(world.posted(42).getFirst().logUrl());
      for (int i = 0; i < MOST; i++) {
        pages.add(open(world, URI.create(link).getPath() + "/events"));
      }
      Page page = chromium.page(Chromium.Look.DESK);
      page.navigate(Chromium.local(link));
      script.prints("asked for\n");
      PlaywrightAssertions.assertThat(page.locator("#log .out .text").getByText("asked for"))
          .isVisible();
      PlaywrightAssertions.assertThat(page.locator("#live")).hasText("Live, now and then");
      for (Socket other : pages) {
        other.close();
      }
      script.does("exit 0");
    } finally {
      for (Socket page : pages) {
        page.close();
      }
    }
  }

  private static boolean tryOpen(SlipwayServer world, String path, List<Socket> pages) {
    try {
      Socket page = request(world, path);
      pages.add(page);
      return head(page).startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Socket open(SlipwayServer world, String path) throws IOException {
    Socket page = request(world, path);
    assertThat(head(page)).startsWith("HTTP/1.1 200");
    return page;
  }

  private static Socket request(SlipwayServer world, String path) throws IOException {
    Socket page = RawDelivery.connect(world.at("/"));
    page.getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return page;
  }

  private static String head(Socket page) throws IOException {
    InputStream in = page.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      head.append((char) b);
    }
    return head.toString();
  }
}
