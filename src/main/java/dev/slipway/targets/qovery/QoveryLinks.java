package dev.slipway.targets.qovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Links for people. A link that cannot be read is left out and never fails a deploy. */
final class QoveryLinks {
  private record Link(URI url, boolean main, boolean own) {}

  private final QoveryClient client;
  private final QoveryService service;

  QoveryLinks(QoveryClient client, QoveryService service) {
    this.client = client;
    this.service = service;
  }

  /** The address of the application: the default one, and of several a custom domain. */
  Optional<URI> environmentUrl() throws InterruptedException {
    if (service.kind() != QoveryConfig.Kind.APPLICATION) {
      return Optional.empty();
    }
    try {
      return client.seek(service.path() + "/link").flatMap(answer -> best(answer.json()));
    } catch (QoveryUnavailableException e) {
      return Optional.empty();
    }
  }

  /** The page of the environment in Qovery's console. */
  Optional<String> console() throws InterruptedException {
    try {
      String environment =
          client
              .seek(service.path())
              .map(answer -> answer.json().path("environment").path("id").stringValue(""))
              .orElse("");
      return environment.isEmpty()
          ? Optional.empty()
          : client
              .seek("/environment/" + QoveryClient.escaped(environment))
              .flatMap(answer -> console(answer.json(), environment));
    } catch (QoveryUnavailableException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> console(JsonNode json, String environment) {
    String organization = json.path("organization").path("id").stringValue("");
    String project = json.path("project").path("id").stringValue("");
    return organization.isEmpty() || project.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "https://console.qovery.com/organization/%s/project/%s/environment/%s"
                .formatted(
                    QoveryClient.escaped(organization),
                    QoveryClient.escaped(project),
                    QoveryClient.escaped(environment)));
  }

  private static Optional<URI> best(JsonNode json) {
    List<Link> links = new ArrayList<>();
    for (JsonNode result : json.path("results")) {
      web(result.path("url").stringValue(""))
          .ifPresent(
              url ->
                  links.add(
                      new Link(
                          url,
                          result.path("is_default").booleanValue(false),
                          !result.path("is_qovery_domain").booleanValue(true))));
    }
    return links.stream()
        .max(Comparator.comparing(Link::main).thenComparing(Link::own))
        .map(Link::url);
  }

  private static Optional<URI> web(String url) {
    try {
      return Optional.of(new URI(url))
          .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          .filter(uri -> uri.getHost() != null && uri.getUserInfo() == null);
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }
}
