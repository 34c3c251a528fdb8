package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.github.AppCredential;
import dev.slipway.github.AppKeys;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.integration.ClientAndServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A GitHub App is made in a browser, and what is shown is what Slipway starts with. */
class GithubSetupIT {
  private static final Pattern MANIFEST = Pattern.compile("name=\"manifest\" value=\"([^\"]*)\"");
  private static final Pattern FORM = Pattern.compile("method=\"post\" action=\"([^\"]*)\"");
  private static final Pattern STATE = Pattern.compile("\\?state=([\\w-]{43})$");
  private static final Pattern DOWNLOAD = Pattern.compile("base64,([A-Za-z0-9+/=]+)");

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .without("GITHUB_TOKEN")
        .set("DEPLOY_CMD", "true")
        .set("SLIPWAY_PUBLIC_URL", "https://deploy.example.com")
        .start();
  }

  private static String found(Pattern pattern, String html) {
    Matcher matcher = pattern.matcher(html);
    assertThat(matcher.find()).as(html).isTrue();
    return matcher.group(1).replace("&#34;", "\"").replace("&quot;", "\"").replace("&amp;", "&");
  }

  private static HttpResponse<String> open(SlipwayServer world, String url) {
    return world.get(world.at(url.replace("https://deploy.example.com", "")));
  }

  private static void githubMakesTheApp(SlipwayServer world) {
    githubMakesTheApp(world, 200);
  }

  private static void githubMakesTheApp(SlipwayServer world, int secretSet) {
    githubMakesTheApp(world.services, "", secretSet);
  }

  private static void githubMakesTheApp(ClientAndServer github, String base, int secretSet) {
    String app =
        JsonMapper.builder()
            .build()
            .createObjectNode()
            .put("id", 12345)
            .put("slug", "slipway-acme")
            .put("name", "Slipway <Acme>")
            .put("client_secret", "1726be1638095a19edd134c77bde3aa2ece1e5d8")
            .put("webhook_secret", "e340154128314309424b7c8e90325147d99fdafa")
            .put("pem", AppKeys.pkcs1(AppKeys.PAIR))
            .toString();
    github
        .when(request().withMethod("POST").withPath(base + "/app-manifests/the-code/conversions"))
        .respond(response(app).withStatusCode(201).withHeader("Content-Type", "application/json"));
    github
        .when(request().withMethod("PATCH").withPath(base + "/app/hook/config"))
        .respond(
            response("{}")
                .withStatusCode(secretSet)
                .withHeader("Content-Type", "application/json"));
  }

  @Test
  void an_app_is_made_once_with_the_link_of_the_start() {
    try (SlipwayServer world = world()) {
      githubMakesTheApp(world);
      String link = world.setupLink().orElseThrow();

      HttpResponse<String> page = open(world, link);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "form-action 'self' " + world.base())
          .doesNotContain("unsafe");
      JsonNode manifest = SlipwayServer.json(found(MANIFEST, page.body()));
      assertThat(manifest.path("hook_attributes").path("url").asString())
          .isEqualTo("https://deploy.example.com/webhooks/github");
      String form = found(FORM, open(world, link + "?organization=octo-org").body());
      assertThat(form)
          .startsWith(world.base() + "/organizations/octo-org/settings/apps/new?state=");
      String callback =
          manifest.path("redirect_url").asString() + "?code=the-code&state=" + found(STATE, form);

      assertThat(open(world, callback + "x").statusCode()).isEqualTo(404);
      HttpResponse<String> made = open(world, callback);
      assertThat(made.statusCode()).isEqualTo(200);
      assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(made.body())
          .contains(
              "Slipway &lt;Acme&gt; is made",
              "GITHUB_APP_ID=12345",
              "/slipway-acme/installations/new")
          .doesNotContain("1726be16", "e3401541");
      assertThat(appOf(found(DOWNLOAD, made.body()))).returns("12345", AppCredential::issuer);

      assertThat(open(world, callback).statusCode()).isEqualTo(404);
      assertThat(open(world, link).statusCode()).isEqualTo(404);
      assertThat(world.calls())
          .containsExactly("POST /app-manifests/the-code/conversions", "PATCH /app/hook/config");
    }
  }

  /** Docker gives the whole value behind {@code =} to the program. */
  @Test
  void a_secret_that_github_made_stands_in_the_settings_without_quotes() {
    try (SlipwayServer world = world()) {
      githubMakesTheApp(world, 403);
      String link = world.setupLink().orElseThrow();
      String state = found(STATE, found(FORM, open(world, link).body()));

      String made = open(world, "/setup/github/callback?code=the-code&state=" + state).body();

      assertThat(text(found(DOWNLOAD, made)))
          .contains("\nGITHUB_WEBHOOK_SECRET=e340154128314309424b7c8e90325147d99fdafa\n");
      assertThat(appOf(found(DOWNLOAD, made))).returns("12345", AppCredential::issuer);
    }
  }

  /** An App of a further host goes into the file, where that host stands. */
  @Test
  void an_app_is_made_at_the_host_that_is_named() throws IOException {
    ClientAndServer other = ClientAndServer.startClientAndServer(0);
    String entry =
        """
        github-hosts:
          - api-url: http://localhost:%d/api/v3
            webhook-secret: the secret of the other host
        """
            .formatted(other.getPort())
            .indent(0);
    Files.writeString(folder.resolve("slipway.yml"), entry);
    try (SlipwayServer world = new SlipwayServer(folder).set("DEPLOY_CMD", "true").start()) {
      githubMakesTheApp(other, "/api/v3", 403);
      assertThat(world.setupLink()).isPresent();
      HttpResponse<String> unknown = world.api("/api/setup/github?host=nobody.example", "");
      assertThat(unknown.statusCode()).isEqualTo(422);
      assertThat(unknown.body()).contains("host must be one of 127.0.0.1, localhost");

      JsonNode link = SlipwayServer.json(world.api("/api/setup/github?host=LocalHost", "").body());
      String url = link.path("url").asString().replaceFirst("^https?://[^/]+", "");
      HttpResponse<String> page = open(world, url);
      assertThat(page.body()).contains("Make it on localhost:" + other.getPort());
      String form = found(FORM, page.body());
      assertThat(form).startsWith("http://localhost:" + other.getPort() + "/settings/apps/new?");
      String made =
          open(world, "/setup/github/callback?code=the-code&state=" + found(STATE, form)).body();

      assertThat(made)
          .contains(
              "into the entry github-hosts[0], in the place of github-hosts[0].token",
              "github-hosts[0].webhook-secret-previous",
              "slipway-github-app.yml",
              "http://localhost:%d/github-apps/slipway-acme/".formatted(other.getPort()))
          .doesNotContain("GITHUB_APP_ID");
      String saved =
          entry.replaceFirst("    webhook-secret: .*\n", "") + text(found(DOWNLOAD, made));
      Files.writeString(folder.resolve("slipway.yml"), saved);
      GithubHostConfig host =
          ((Configuration.Loaded.Good) ConfigurationReader.load(world.environment(), folder))
              .configuration()
              .githubHosts()
              .get(1);
      assertThat(host.github().app()).isNotNull().returns("12345", AppCredential::issuer);
      assertThat(host.webhookSecrets())
          .singleElement()
          .returns("e340154128314309424b7c8e90325147d99fdafa", secret -> secret.secret().reveal());
      assertThat(world.calls()).isEmpty();
    } finally {
      other.stop();
    }
  }

  private static String text(String download) {
    return new String(Base64.getDecoder().decode(download), StandardCharsets.UTF_8);
  }

  /** The App that Slipway has when it is started with the file. */
  private AppCredential appOf(String download) {
    Map<String, String> environment =
        new HashMap<>(Map.of("GITHUB_WEBHOOK_SECRET", SlipwayServer.SECRET));
    text(download)
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(pair -> environment.put(pair[0], pair[1]));
    return Objects.requireNonNull(
        ((Configuration.Loaded.Good) ConfigurationReader.load(environment, folder))
            .configuration()
            .github()
            .app());
  }

  @Test
  void a_refused_code_says_why_and_the_link_stays() {
    try (SlipwayServer world = world()) {
      world
          .services
          .when(request().withPath("/app-manifests/.*"))
          .respond(
              response(
                      "{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.github.com\"}")
                  .withStatusCode(404)
                  .withHeader("Content-Type", "application/json"));
      String link = world.setupLink().orElseThrow();
      String state = found(STATE, found(FORM, open(world, link).body()));

      HttpResponse<String> refused = open(world, "/setup/github/callback?code=old&state=" + state);

      assertThat(refused.statusCode()).isEqualTo(502);
      assertThat(refused.body()).contains("GitHub answered 404: Not Found");
      assertThat(open(world, link).statusCode()).isEqualTo(200);
      assertThat(open(world, "/setup/github/callback").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void who_comes_back_after_a_newer_link_was_made_is_told_to_open_that_one() {
    try (SlipwayServer world = world()) {
      githubMakesTheApp(world);
      String old = found(STATE, found(FORM, open(world, world.setupLink().orElseThrow()).body()));
      String newer =
          SlipwayServer.json(world.api("/api/setup/github", "").body()).path("url").asString();

      HttpResponse<String> late = open(world, "/setup/github/callback?code=the-code&state=" + old);

      assertThat(late.statusCode()).isEqualTo(404);
      assertThat(late.body())
          .contains("delete it there", "open the newest link")
          .doesNotContain("GITHUB_APP_PRIVATE_KEY");
      assertThat(world.calls().toString()).doesNotContain("/app-manifests/");
      assertThat(open(world, newer.replaceFirst("^https?://[^/]+", "")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void with_a_credential_a_link_takes_the_api_token() {
    try (SlipwayServer world = new SlipwayServer(folder).set("DEPLOY_CMD", "true").start()) {
      assertThat(world.setupLink()).isEmpty();
      assertThat(open(world, "/setup/github/x").statusCode()).isEqualTo(404);
      assertThat(
              world
                  .send(
                      HttpRequest.newBuilder(world.at("/api/setup/github"))
                          .POST(HttpRequest.BodyPublishers.noBody())
                          .build())
                  .statusCode())
          .isEqualTo(401);

      String reader =
          CommandRun.of(world, folder, "tokens", "create", "ops", "--scope", "read,deploy,control")
              .out()
              .strip();
      HttpResponse<String> refused =
          world.send(
              HttpRequest.newBuilder(world.at("/api/setup/github"))
                  .header("Authorization", "Bearer " + reader)
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build());
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("scope admin").doesNotContain("/setup/github/");

      JsonNode link = SlipwayServer.json(world.api("/api/setup/github", "").body());

      CommandRun audit = CommandRun.of(world, folder, "audit", "--url", world.at("/").toString());
      assertThat(audit.out().lines().filter(line -> line.contains("setup")))
          .singleElement()
          .asString()
          .endsWith(
              " create_setup_link by token SLIPWAY_API_TOKEN (api): a link for making a GitHub App at 127.0.0.1")
          .doesNotContain(link.path("url").asString());
      assertThat(link.path("seconds").asInt()).isEqualTo(3600);
      String url = link.path("url").asString().replaceFirst("^https?://[^/]+", "");
      assertThat(open(world, url).body()).contains("GitHub cannot reach");
      assertThat(open(world, url + "?organization=a%20b%22").body())
          .contains("An organisation has letters")
          .doesNotContain("a b");
    }
  }
}
