package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.EgressConfig;
import dev.slipway.store.PostLimits;
import dev.slipway.webhook.NamedSecret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which GitHub hosts there are, and what is wrong with those that there are not. */
class GithubHostSettingsTest {
  private static final String GHE = "https://ghe.example.com/api/v3";

  @TempDir Path folder;

  @Test
  void the_variables_make_the_one_host_that_there_is_without_a_list() {
    assertThat(good(folder).githubHosts())
        .singleElement()
        .satisfies(
            host -> {
              assertThat(host.host()).isEqualTo("github.com");
              assertThat(host.webhookSecrets())
                  .extracting(NamedSecret::name, NamedSecret::host)
                  .containsExactly(org.assertj.core.groups.Tuple.tuple("current", "github.com"));
            });
  }

  @Test
  void the_list_of_the_file_adds_hosts_with_everything_of_their_own() throws Exception {
    Files.writeString(folder.resolve("token"), "ghp_from-the-file\n");
    file(
        folder,
        """
        github-hosts:
          - api-url: https://GHE.example.com/api/v3
            webhook-secret: the secret of the server
            webhook-secret-previous: the one of the server before
            webhook-secrets: {team: a secret of one team there}
            token-file: %s
            content-per-minute: 0
            content-per-hour: 0
            https-proxy: http://proxy.example.com:3128
          - api-url: https://api.acme.ghe.com
            webhook-secret: ${GHE_COM_SECRET}
        """
            .formatted(folder.resolve("token")));

    List<GithubHostConfig> hosts =
        good(folder, "GHE_COM_SECRET", "the secret of the tenant", "GITHUB_TOKEN", "ghp_first")
            .githubHosts();

    assertThat(hosts)
        .extracting(GithubHostConfig::host)
        .containsExactly("github.com", "ghe.example.com", "acme.ghe.com");
    GithubHostConfig server = hosts.get(1);
    assertThat(server.webhookSecrets())
        .extracting(NamedSecret::name)
        .containsExactly(
            "ghe.example.com/current", "ghe.example.com/previous", "ghe.example.com/team");
    assertThat(server.webhookSecrets())
        .extracting(NamedSecret::host)
        .containsOnly("ghe.example.com");
    assertThat(server.github().token())
        .satisfies(token -> assertThat(token).extracting("value").isEqualTo("ghp_from-the-file"));
    assertThat(server.postLimits()).isEqualTo(new PostLimits(0, 0, Duration.ZERO));
    assertThat(server.egress().proxy()).isNotNull();
    GithubHostConfig tenant = hosts.getLast();
    assertThat(tenant.github().apiUrl()).isEqualTo(URI.create("https://api.acme.ghe.com"));
    assertThat(tenant.github().hasCredential())
        .as("no host has the credential of another")
        .isFalse();
    assertThat(tenant.postLimits()).isEqualTo(new PostLimits(80, 500, Duration.ofSeconds(1)));
    assertThat(tenant.egress()).isEqualTo(EgressConfig.DIRECT);
  }

  @Test
  void without_a_way_of_its_own_a_host_has_the_way_of_all_calls() throws Exception {
    file(
        folder,
        """
        outgoing:
          https-proxy: http://proxy.example.com:3128
        github-hosts:
          - {api-url: "%s", webhook-secret: the secret of the server, token: ghp_x}
        """
            .formatted(GHE));

    assertThat(good(folder).githubHosts().getLast().egress()).isEqualTo(good(folder).egress());
  }

  private static Stream<Arguments> wrong() {
    String secret = "webhook-secret: the secret of the server";
    return Stream.of(
        Arguments.of("{%s}".formatted(secret), "github-hosts[0]: needs api-url"),
        Arguments.of("{api-url: \"%s\"}".formatted(GHE), "github-hosts[0]: needs webhook-secret"),
        Arguments.of("{api-url: no address, %s}".formatted(secret), "github-hosts[0].api-url"),
        Arguments.of(
            "{api-url: \"%s\", %s, tokn: x}".formatted(GHE, secret),
            "github-hosts[0].tokn: is not a setting"),
        Arguments.of(
            "{api-url: \"https://api.github.com\", %s}".formatted(secret),
            "github-hosts[0].api-url: leads to github.com, as github does"),
        Arguments.of(
            "{api-url: \"%s\", webhook-secret: a secret of good length}".formatted(GHE),
            "github-hosts[0]: has the webhook secret of github (\"current\") too"),
        Arguments.of(
            "{api-url: \"%s\", %s, webhook-secrets: {x: a secret of good length}}"
                .formatted(GHE, secret),
            "github-hosts[0]: has the webhook secret of github (\"current\") too"),
        Arguments.of(
            "{api-url: \"%s\", %s, token: ghp_x, app-id: 12}".formatted(GHE, secret),
            "github-hosts[0].token: is set, and so is a GitHub App (github-hosts[0].app-id)"),
        Arguments.of(
            "{api-url: \"%s\", %s, app-id: 12}".formatted(GHE, secret),
            "github-hosts[0].app-id: is set, but neither github-hosts[0].app-private-key nor"
                + " github-hosts[0].app-private-key-file is"),
        Arguments.of(
            "{api-url: \"%s\", %s, app-private-key: x}".formatted(GHE, secret),
            "github-hosts[0].app-private-key: is set, but github-hosts[0].app-id is not"),
        Arguments.of(
            "{api-url: \"%s\", %s, ca-file: nowhere.pem}".formatted(GHE, secret),
            "github-hosts[0].ca-file: names"),
        Arguments.of(
            "{api-url: \"%s\", %s, no-proxy: [x]}".formatted(GHE, secret),
            "github-hosts[0].no-proxy: is set, but https-proxy is not"),
        Arguments.of(
            "{api-url: \"%s\", webhook-secret: short}".formatted(GHE),
            "github-hosts[0].webhook-secret"),
        Arguments.of("text", "github-hosts[0]: must be a group of settings"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_is_wrong_is_named_with_its_place(String entry, String problem) throws Exception {
    file(folder, "github-hosts:\n  - " + entry + "\n");

    assertThat(problems(folder)).first().asString().contains(problem);
    assertThat(problems(folder)).allMatch(each -> each.startsWith("github-hosts[0]"));
  }

  @Test
  void all_problems_are_named_at_once_and_no_secret_is() throws Exception {
    file(
        folder,
        """
        github-hosts:
          - {api-url: "%1$s", webhook-secret: the secret of the server, token: "ghp_x "}
          - {api-url: "%1$s", webhook-secret: the secret of the server}
          - {webhook-secret: another one that is long}
        """
            .formatted(GHE));

    assertThat(problems(folder))
        .hasSize(4)
        .anyMatch(problem -> problem.contains("github-hosts[0].token"))
        .anyMatch(problem -> problem.contains("leads to ghe.example.com, as github-hosts[0] does"))
        .anyMatch(problem -> problem.contains("webhook secret of github-hosts[0]"))
        .anyMatch(problem -> problem.contains("github-hosts[2]: needs api-url"))
        .noneMatch(problem -> problem.contains("the secret of"));
  }

  @Test
  void a_host_without_a_credential_is_warned_of_by_its_place() throws Exception {
    file(
        folder,
        "github-hosts:\n  - {api-url: \"https://ghe.example.com\", webhook-secret: the secret of the server}\n");

    assertThat(good(folder, "GITHUB_TOKEN", "ghp_first").warnings())
        .anyMatch(warning -> warning.startsWith("github-hosts[0].token is not set"))
        .anyMatch(warning -> warning.startsWith("github-hosts[0].api-url is https://ghe.example"));
  }

  /** A repository of the same name at another host belongs to somebody else. */
  @Test
  void a_route_that_names_no_host_is_warned_of_where_there_are_several() throws Exception {
    String routes =
        """
        routes:
          - {name: open, match: {repositories: [acme/web]}, chain: [{shell: {command: "true"}}]}
          - {name: closed, match: {hosts: [github.com]}, chain: [{shell: {command: "true"}}]}
          - {name: meant, match: {hosts: ["*"]}, chain: [{shell: {command: "true"}}]}
        """;
    String warning = "takes deployments of every GitHub host";
    file(folder, routes);
    assertThat(good(folder, "DEPLOY_CMD", "true").warnings())
        .noneMatch(each -> each.contains(warning));

    file(
        folder,
        routes
            + "github-hosts:\n  - {api-url: \"%s\", webhook-secret: the secret of the server}\n"
                .formatted(GHE));

    assertThat(good(folder, "DEPLOY_CMD", "true").warnings())
        .filteredOn(each -> each.contains(warning))
        .satisfiesExactly(
            open ->
                assertThat(open)
                    .startsWith("route \"open\" " + warning)
                    .endsWith("in match.hosts (\"*\" for all)"),
            byVariables -> assertThat(byVariables).startsWith("route \"default\" " + warning));
  }
}
