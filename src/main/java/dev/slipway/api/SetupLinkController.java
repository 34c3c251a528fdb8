package dev.slipway.api;

import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Caller;
import dev.slipway.problem.Problem;
import dev.slipway.setup.SetupLinks;
import dev.slipway.store.AuditLog;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/setup/github}: makes a link to the page on which a GitHub App is made. Names no
 * scope, so that it takes {@code admin}.
 */
@Controller("/api/setup/github")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class SetupLinkController {
  private final SetupLinks links;
  private final AuditLog audit;
  private final GithubHosts githubHosts;
  private final ActorHeader actors;
  private final InstantSource clock;

  SetupLinkController(
      SetupLinks links,
      AuditLog audit,
      GithubHosts githubHosts,
      ActorHeader actors,
      InstantSource clock) {
    this.links = links;
    this.audit = audit;
    this.githubHosts = githubHosts;
    this.actors = actors;
    this.clock = clock;
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

  /** The link is in memory alone, so its audit row is written first: there is none without it. */
  @Post(consumes = MediaType.ALL, produces = MediaType.APPLICATION_JSON)
  HttpResponse<?> create(
      Caller caller,
      @Nullable @QueryValue("host") String host,
      @Nullable @Header(ActorHeader.NAME) String actor) {
    Optional<Github> github =
        host == null ? Optional.of(githubHosts.first()) : githubHosts.find(host);
    return github.isPresent()
        ? HttpResponse.ok(make(caller, github.get().host(), actor))
        : Problem.response(
            422,
            "Unknown GitHub host",
            "host must be one of "
                + String.join(", ", githubHosts.all().stream().map(Github::host).toList()));
  }

  private Link make(Caller caller, String host, @Nullable String actor) {
    audit.record(
        new AuditEntry(
            clock.instant(),
            actors.actor(caller, actor),
            AuditEntry.Action.CREATE_SETUP_LINK,
            null,
            "",
            "a link for making a GitHub App at " + host,
            ""));
    return new Link(links.create(host), SetupLinks.LIFE.toSeconds());
  }
}
