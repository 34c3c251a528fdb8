package dev.slipway.page;

import dev.slipway.store.CommitNotifier;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Logs;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import io.micronaut.http.sse.Event;
import java.time.Duration;
import java.util.Optional;

/** The events of one open page, in their order. */
final class PageEvents implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOOKS_PER_PING = 15;

  private final long deploymentId;
  private final int linkGeneration;
  private final PageSource source;
  private final CommitNotifier.Subscription listener;
  private final Duration look;
  private long offset;
  private boolean greeted;
  private boolean ended;
  private int looks;
  private String seen = "";

  PageEvents(StoredDeployment deployment, long from, PageSource source) {
    this(deployment, from, source, LOOK);
  }

  PageEvents(StoredDeployment deployment, long from, PageSource source, Duration look) {
    this.look = look;
    this.deploymentId = deployment.id();
    this.linkGeneration = deployment.linkGeneration();
    this.offset = from;
    this.source = source;
    this.listener = source.subscribe(deploymentId);
  }

  /** The next event, when there is one; empty after the last, and once the links are revoked. */
  Optional<Event<String>> next() throws InterruptedException {
    if (!greeted) {
      // Without a first event no headers are sent, and the browser would go on connecting
      greeted = true;
      seen = print(details());
      return Optional.of(event("hello", seen));
    }
    while (!ended && source.hasLinks(deploymentId, linkGeneration)) {
      Logs.Piece piece = source.read(deploymentId, offset);
      if (!piece.text().isEmpty()) {
        offset = piece.next();
        return Optional.of(event("lines", source.json(piece)));
      }
      Optional<Event<String>> news = news();
      if (news.isPresent()) {
        return news;
      }
      looks = listener.await(look) ? 0 : looks + 1;
      if (looks >= LOOKS_PER_PING) {
        looks = 0;
        return Optional.of(event("ping", "{}"));
      }
    }
    return Optional.empty();
  }

  /** A change comes before the end, so that lines written until then are read in between. */
  private Optional<Event<String>> news() {
    Optional<DeploymentQueries.DeploymentDetails> details = details();
    String now = print(details);
    if (!now.equals(seen)) {
      seen = now;
      return Optional.of(event("changed", "{}"));
    }
    if (details.map(PageEvents::isOver).orElse(true)) {
      ended = true;
      return Optional.of(event("end", "{}"));
    }
    return Optional.empty();
  }

  private String print(Optional<DeploymentQueries.DeploymentDetails> details) {
    return details.map(known -> source.fingerprint(known)).orElse("");
  }

  private Event<String> event(String name, String data) {
    return Event.of(data).name(name).id(Long.toString(offset));
  }

  private Optional<DeploymentQueries.DeploymentDetails> details() {
    return source.details(deploymentId);
  }

  /** Over, and nothing waits for GitHub: the page will not change any more. */
  private static boolean isOver(DeploymentQueries.DeploymentDetails details) {
    return details.run().state() == StoredRun.State.ENDED && details.waitingForGithub() == 0;
  }

  @Override
  public void close() {
    listener.close();
  }
}
