package dev.slipway.setup;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;

/**
 * {@code POST /api/setup/github}: makes a link to the page on which a GitHub App is made. Names no
 * scope, so that it takes {@code admin}.
 */
@Controller("/api/setup/github")
final class SetupLinkController {
  private final SetupLinks links;

  SetupLinkController(SetupLinks links) {
    this.links = links;
  }

  /**
   * The answer.
   *
   * @param url the link, for a browser
   * @param seconds how long it works
   */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  record Link(String url, long seconds) {}

  @Post(consumes = MediaType.ALL, produces = MediaType.APPLICATION_JSON)
  Link create() {
    return new Link(links.create(), SetupLinks.LIFE.toSeconds());
  }
}
