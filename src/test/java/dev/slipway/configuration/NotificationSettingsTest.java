package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.GithubState;
import dev.slipway.notification.NotificationFormat;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.secret.Redactor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which outgoing webhooks there are, and what is wrong with those that there are not. */
class NotificationSettingsTest {
  private static final String URL = "https://hooks.slack.com/services/T000/B000/4fzQmPk9RmXy";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path folder;

  private static List<GithubState> wanted(OutgoingWebhook webhook) {
    return Arrays.stream(GithubState.values()).filter(webhook.subscription()::wants).toList();
  }

  @Test
  void there_are_none_unless_they_are_configured() {
    assertThat(good(folder).outgoingWebhooks()).isEmpty();
  }

  @Test
  void variables_make_one_webhook() {
    OutgoingWebhook webhook =
        good(
                folder,
                "SLIPWAY_NOTIFY_URL",
                "https://example.com/in",
                "SLIPWAY_NOTIFY_SECRET",
                SECRET)
            .outgoingWebhooks()
            .getFirst();

    assertThat(webhook.name()).isEqualTo("default");
    assertThat(webhook.format()).isEqualTo(NotificationFormat.STANDARD);
    assertThat(webhook.hasLogUrl()).isTrue();
    assertThat(wanted(webhook)).containsExactly(GithubState.values());
    assertThat(webhook.subscription().wants("", "production", "any")).isTrue();
  }

  @Test
  void the_file_has_a_list_of_them() throws Exception {
    Files.writeString(folder.resolve("secret"), SECRET + "\n");
    file(
        folder,
        """
        notify:
          - name: ends
            url: https://example.com/in
            secret-file: %s
            events: ["success", "*r*or", failure]
            environments: [production, "review-*"]
            repositories: ["acme/*"]
            log-url: off
          - name: chat
            url: ${CHAT}
            format: slack
        """
            .formatted(folder.resolve("secret")));
    Configuration configuration =
        good(folder, "CHAT", URL, "SLIPWAY_NOTIFY_URL", URL, "SLIPWAY_NOTIFY_FORMAT", "slack");

    assertThat(configuration.outgoingWebhooks())
        .extracting(OutgoingWebhook::name)
        .containsExactly("default", "ends", "chat");
    OutgoingWebhook ends = configuration.outgoingWebhooks().get(1);
    assertThat(ends.secret()).hasToString("***");
    assertThat(ends.hasLogUrl()).isFalse();
    assertThat(wanted(ends))
        .containsExactly(GithubState.SUCCESS, GithubState.FAILURE, GithubState.ERROR);
    assertThat(ends.subscription().wants("Acme/shop", "Review-7", "any")).isTrue();
    assertThat(ends.subscription().wants("acme/shop", "staging", "any")).isFalse();
    assertThat(ends.subscription().wants("other/shop", "production", "any")).isFalse();
    assertThat(ends.subscription().wants("", "production", "any")).isFalse();
    assertThat(configuration.outgoingWebhooks().getLast().secret()).isNull();
    assertThat(
            new Redactor(configuration.secrets())
                .redact("POST /services/T000/B000/4fzQmPk9RmXy and " + SECRET)
                .text())
        .isEqualTo("POST *** and ***");
  }

  @Test
  void one_webhook_of_the_file_needs_no_list() throws Exception {
    file(folder, "notify: {url: \"%s\", format: slack, events: [failure]}\n".formatted(URL));

    OutgoingWebhook webhook = good(folder).outgoingWebhooks().getFirst();

    assertThat(webhook.name()).isEqualTo("default");
    assertThat(wanted(webhook)).containsExactly(GithubState.FAILURE);
  }

  @Test
  void problems_name_the_place_and_show_no_secret() throws Exception {
    file(
        folder,
        """
        notify:
          - name: Chat
            url: https://example.com/in
          - name: two
            secret: 0123456789abcdef
          - name: three
            url: https://example.com/in
            secret: 0123456789abcdef
            events: [deployed, succes]
            colour: red
          - name: three
            url: http://example.com/4fzQmPk9RmXy
            format: teams
            secret: whsec_not base64!
          - soon
        """);

    assertThat(problems(folder))
        .containsExactlyInAnyOrder(
            "notify[0].name: must be there, in lower case letters, digits and -",
            "notify[0].url: needs a secret, which signs what is sent there: set secret to the"
                + " output of openssl rand -hex 32",
            "notify[1]: needs url",
            "notify[2].colour: is not a setting; here are name, environments, events, format,"
                + " log-url, repositories, secret, secret-file, url, url-file",
            "notify[2].events: deployed is none of queued, in_progress, success, failure, error,"
                + " inactive, and no pattern of one",
            "notify[2].events: succes is none of queued, in_progress, success, failure, error,"
                + " inactive, and no pattern of one",
            "notify[3].name: \"three\" is the name of another webhook too",
            "notify[3].url: must be an https address (http only to this machine), without user and"
                + " fragment",
            "notify[3].format: \"teams\" must be one of standard, slack",
            "notify[3].secret: begins with whsec_ and goes on with something that is no base64;"
                + " copy it again",
            "notify[4]: must be a group of settings: name, environments, events, format, log-url,"
                + " repositories, secret, secret-file, url, url-file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/in",
        "ftp://example.com/in",
        "https://user:word@example.com/in",
        "https://example.com/in#part",
        "https:///in",
        "example.com/in",
        "https://example.com/in in"
      })
  void an_address_that_is_no_https_address_is_refused(String url) {
    assertThat(problems(folder, "SLIPWAY_NOTIFY_URL", url, "SLIPWAY_NOTIFY_SECRET", SECRET))
        .containsExactly(
            "SLIPWAY_NOTIFY_URL: must be an https address (http only to this machine), without user"
                + " and fragment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9000/in",
        "http://127.0.0.1/in",
        "http://[::1]:9000/",
        "https://example.com:8443/in?sig=1%2F2"
      })
  void https_anywhere_and_http_to_this_machine_are_good(String url) {
    assertThat(problems(folder, "SLIPWAY_NOTIFY_URL", url, "SLIPWAY_NOTIFY_SECRET", SECRET))
        .isEmpty();
  }

  @Test
  void what_lacks_its_other_half_is_a_problem() {
    assertThat(problems(folder, "SLIPWAY_NOTIFY_URL", "https://example.com/in"))
        .containsExactly(
            "SLIPWAY_NOTIFY_URL: needs a secret, which signs what is sent there: set"
                + " SLIPWAY_NOTIFY_SECRET to the output of openssl rand -hex 32");
    assertThat(problems(folder, "SLIPWAY_NOTIFY_SECRET", SECRET))
        .containsExactly("SLIPWAY_NOTIFY_SECRET: is set, but SLIPWAY_NOTIFY_URL is not: set both");
  }
}
