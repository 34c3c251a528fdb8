package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.targets.http.HttpConfig;
import dev.slipway.targets.http.HttpType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of a receiver as they are read with all others. */
class HttpSettingsTest {
  private static final String URL = "https://deploy.example.com/slipway";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path folder;

  @Test
  void an_entry_of_a_chain_has_a_receiver_of_its_own() throws Exception {
    LoadedConfiguration.file(
        folder,
        """
        routes:
          - name: web
            chain:
              - http:
                  url: %s
                  secret: ${RECEIVER_SECRET}
                  timeout: 2h
        """
            .formatted(URL));

    RouteConfig route = good(folder, "RECEIVER_SECRET", SECRET).routes().getFirst();

    HttpConfig config = ((HttpType.Configured) route.targets().getFirst().target()).config();
    assertThat(config.url()).isEqualTo(URI.create(URL));
    assertThat(config.secret().reveal()).isEqualTo(SECRET);
    assertThat(config.limits().total()).isEqualTo(Duration.ofHours(2));
    assertThat(config.limits().noProgress()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void a_receiver_needs_a_secret() {
    assertThat(problems(folder, "DEPLOY_HTTP_URL", URL))
        .singleElement()
        .asString()
        .startsWith("DEPLOY_HTTP_SECRET: is not set, but DEPLOY_HTTP_URL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "whsec_this is no base64 at all"})
  void a_secret_that_cannot_sign_stops_the_start(String secret) {
    assertThat(problems(folder, "DEPLOY_HTTP_URL", URL, "DEPLOY_HTTP_SECRET", secret))
        .singleElement()
        .asString()
        .startsWith("DEPLOY_HTTP_SECRET")
        .doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"deploy.example.com", "ftp://deploy.example.com", "https://user:pass@example.com"})
  void an_address_that_cannot_be_called_stops_the_start(String url) {
    assertThat(problems(folder, "DEPLOY_HTTP_URL", url, "DEPLOY_HTTP_SECRET", SECRET))
        .singleElement()
        .asString()
        .startsWith("DEPLOY_HTTP_URL");
  }

  @Test
  void plain_http_to_another_machine_is_warned_of() {
    assertThat(
            good(folder, "DEPLOY_HTTP_URL", "http://10.0.0.7/x", "DEPLOY_HTTP_SECRET", SECRET)
                .warnings())
        .anyMatch(warning -> warning.startsWith("DEPLOY_HTTP_URL is not https"));
    assertThat(
            good(folder, "DEPLOY_HTTP_URL", "http://localhost/x", "DEPLOY_HTTP_SECRET", SECRET)
                .warnings())
        .noneMatch(warning -> warning.startsWith("DEPLOY_HTTP_URL"));
  }
}
