package dev.slipway.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.github.AppRegistration.Registration;
import dev.slipway.http.Http;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.model.HttpRequest;
import tools.jackson.databind.json.JsonMapper;

@ResourceLock("github of the registrations")
class AppRegistrationTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String PEM_BEGIN = "-----BEGIN RSA";
  private static final String PEM = AppKeys.pkcs1(AppKeys.PAIR);
  private static final Secret WEBHOOK_SECRET = new Secret("a secret of good length");

  private static ClientAndServer server;
  private static Http http;

  private final Redactor redactor = new Redactor(List.of());
  private AppRegistration registration;

  @BeforeAll
  static void start() {
    server = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void stop() {
    http.close();
    server.stop();
  }

  @BeforeEach
  void set_up() {
    server.reset();
    registration = at("http://127.0.0.1:" + server.getPort() + "/api/v3");
  }

  private AppRegistration at(String apiUrl) {
    return at(apiUrl, false);
  }

  private AppRegistration at(String apiUrl, boolean readsPullRequests) {
    return new AppRegistration(
        new GithubConfig(URI.create(apiUrl), null, GithubConfig.API_VERSION),
        http,
        WEBHOOK_SECRET,
        readsPullRequests,
        () -> NOW,
        redactor);
  }

  private static void answers(String path, int status, String json) {
    server
        .when(request().withPath(path))
        .respond(
            response()
                .withStatusCode(status)
                .withHeader("Content-Type", "application/json")
                .withBody(json));
  }

  /** As in GitHub's description of its API. */
  private static String app() {
    return JsonMapper.builder()
        .build()
        .createObjectNode()
        .put("id", 12345)
        .put("slug", "slipway-acme")
        .put("client_id", "Iv1.8a61f9b3a7aba766")
        .put("client_secret", "1726be1638095a19edd134c77bde3aa2ece1e5d8")
        .put("webhook_secret", "e340154128314309424b7c8e90325147d99fdafa")
        .put("pem", PEM)
        .put("name", "Slipway Acme")
        .put("html_url", "https://evil.example.com/apps/slipway-acme")
        .toString();
  }

  @Test
  void the_code_becomes_an_app_that_signs_with_our_secret() throws Exception {
    answers("/api/v3/app-manifests/abc_1-2/conversions", 201, app());
    answers("/api/v3/app/hook/config", 200, "{}");

    Registration registered = registration.register("abc_1-2");

    assertThat(registered)
        .isEqualTo(
            new Registration.Registered(
                "12345",
                "Slipway Acme",
                Optional.of(
                    URI.create(
                        "http://127.0.0.1:"
                            + server.getPort()
                            + "/github-apps/slipway-acme/installations/new")),
                new Secret(PEM),
                Optional.empty()));
    HttpRequest[] calls = server.retrieveRecordedRequests(request());
    assertThat(calls).hasSize(2);
    assertThat(calls[0].getMethod().getValue()).isEqualTo("POST");
    assertThat(calls[0].getFirstHeader("Authorization")).isEmpty();
    assertThat(calls[0].getFirstHeader("Accept")).isEqualTo("application/vnd.github+json");
    assertThat(calls[1].getMethod().getValue()).isEqualTo("PATCH");
    assertThat(AppKeys.json(calls[1].getBodyAsString()))
        .isEqualTo(
            AppKeys.json(
                "{\"content_type\":\"json\",\"secret\":\"" + WEBHOOK_SECRET.reveal() + "\"}"));
    assertThat(
            AppKeys.verified(
                    calls[1].getFirstHeader("Authorization").substring("Bearer ".length()),
                    AppKeys.PAIR.getPublic())
                .path("iss")
                .asString())
        .isEqualTo("12345");
    assertThat(
            List.of(
                PEM,
                "1726be1638095a19edd134c77bde3aa2ece1e5d8",
                "e340154128314309424b7c8e90325147d99fdafa"))
        .allSatisfy(secret -> assertThat(redactor.redact(secret).text()).isEqualTo(Redactor.MASK));
  }

  @Test
  void githubs_own_webhook_secret_is_told_when_ours_cannot_be_set() throws Exception {
    answers("/api/v3/app-manifests/abc/conversions", 201, app());
    answers("/api/v3/app/hook/config", 503, "{}");

    assertThat(registration.register("abc"))
        .isInstanceOfSatisfying(
            Registration.Registered.class,
            app ->
                assertThat(app.webhookSecret())
                    .contains(new Secret("e340154128314309424b7c8e90325147d99fdafa")));
  }

  /** The settings are a file that a shell reads, so a quotation mark would end a value there. */
  @Test
  void what_a_key_or_a_secret_never_holds_is_not_shown_as_a_setting() throws Exception {
    answers(
        "/api/v3/app-manifests/key/conversions",
        201,
        app().replace(PEM_BEGIN, "'; id; '" + PEM_BEGIN));
    answers(
        "/api/v3/app-manifests/secret/conversions", 201, app().replace("e34015412831", "'; id; '"));
    answers("/api/v3/app/hook/config", 503, "{}");

    assertThat(registration.register("key"))
        .isEqualTo(new Registration.Failed("GitHub's answer holds no App with a private key"));
    assertThat(registration.register("secret"))
        .isInstanceOfSatisfying(
            Registration.Registered.class, app -> assertThat(app.webhookSecret()).isEmpty());
  }

  @Test
  void what_is_no_app_is_said() throws Exception {
    answers(
        "/api/v3/app-manifests/old/conversions",
        404,
        "{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.github.com\"}");
    answers("/api/v3/app-manifests/odd/conversions", 201, "{\"id\":1,\"pem\":\"none\"}");

    assertThat(registration.register("old"))
        .isEqualTo(new Registration.Failed("GitHub answered 404: Not Found"));
    assertThat(registration.register("odd"))
        .isEqualTo(new Registration.Failed("GitHub's answer holds no App with a private key"));
    assertThat(registration.register("../app"))
        .isEqualTo(new Registration.Failed("GitHub sent no code"));
    assertThat(server.retrieveRecordedRequests(request())).hasSize(2);
  }

  @Test
  void the_manifest_wants_no_more_than_deployments_take() {
    assertThat(
            AppKeys.json(
                registration.manifest(
                    "https://deploy.a-company-with-a-long-name.example.com",
                    "https://deploy.a-company-with-a-long-name.example.com/setup/github/callback")))
        .isEqualTo(
            AppKeys.json(
                """
                {"name":"Slipway deploy.a-company-with-a-lo",
                "url":"https://deploy.a-company-with-a-long-name.example.com",
                "redirect_url":"https://deploy.a-company-with-a-long-name.example.com/setup/github/callback",
                "public":false,
                "hook_attributes":{
                "url":"https://deploy.a-company-with-a-long-name.example.com/webhooks/github","active":true},
                "default_permissions":{"deployments":"write","metadata":"read"},
                "default_events":["deployment"]}"""));
  }

  @Test
  void previews_that_are_destroyed_take_pull_requests_too() {
    String manifest =
        at("https://api.github.com", true)
            .manifest("https://deploy.example.com", "https://deploy.example.com/callback");

    assertThat(AppKeys.json(manifest).path("default_permissions"))
        .isEqualTo(
            AppKeys.json(
                "{\"deployments\":\"write\",\"metadata\":\"read\",\"pull_requests\":\"read\"}"));
    assertThat(AppKeys.json(manifest).path("default_events"))
        .isEqualTo(AppKeys.json("[\"deployment\",\"pull_request\"]"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.github.com, https://github.com",
    "https://api.octocorp.ghe.com, https://octocorp.ghe.com",
    "https://git.example.com:8443/api/v3, https://git.example.com:8443"
  })
  void the_form_is_on_githubs_own_pages(String apiUrl, String web) {
    AppRegistration there = at(apiUrl);
    assertThat(there.form(Optional.empty(), "s-1"))
        .hasToString(web + "/settings/apps/new?state=s-1");
    assertThat(there.form(Optional.of("octo-org"), "s-1"))
        .hasToString(web + "/organizations/octo-org/settings/apps/new?state=s-1");
  }
}
