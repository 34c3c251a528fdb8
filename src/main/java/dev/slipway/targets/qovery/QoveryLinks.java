package dev.slipway.targets.qovery;

import dev.slipway.http.BaseUrl;
import dev.slipway.targets.LenientJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Links for people. A link that cannot be read is left out and never fails a deploy. */
final class QoveryLinks {
  private record Link(URI url, boolean isDefault, boolean isCustom) {}

  private final QoveryClient client;
  private final QoveryConfig.Kind kind;

  QoveryLinks(QoveryClient client, QoveryConfig.Kind kind) {
    this.client = client;
    this.kind = kind;
  }

  /** The address of the service: the default one, and of several a custom domain. */
  Optional<URI> environmentUrl() throws InterruptedException {
    if (!kind.hasLinks()) {
      return Optional.empty();
    }
    try {
      return client.links().flatMap(QoveryLinks::best);
    } catch (QoveryClient.UnavailableException e) {
      return Optional.empty();
    }
  }

  /** The page of the environment in Qovery's console. */
  Optional<String> console() throws InterruptedException {
    try {
      String environment = client.service().map(QoveryService::environmentId).orElse("");
      return environment.isEmpty()
          ? Optional.empty()
          : client.environment(environment).flatMap(json -> console(json, environment));
    } catch (QoveryClient.UnavailableException e) {
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
                    BaseUrl.encoded(organization),
                    BaseUrl.encoded(project),
                    BaseUrl.encoded(environment)));
  }

  private static Optional<URI> best(JsonNode json) {
    List<Link> links = new ArrayList<>();
    for (JsonNode result : json.path("results")) {
      LenientJson.link(result.path("url"))
          .ifPresent(
              url ->
                  links.add(
                      new Link(
                          url,
                          result.path("is_default").booleanValue(false),
                          !result.path("is_qovery_domain").booleanValue(true))));
    }
    return links.stream()
        .max(Comparator.comparing(Link::isDefault).thenComparing(Link::isCustom))
        .map(Link::url);
  }
}
