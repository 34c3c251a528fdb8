package dev.slipway.page;

import dev.slipway.store.Bell;
import dev.slipway.store.Deployments;
import dev.slipway.store.Logs;
import dev.slipway.store.StoredRun;
import io.micronaut.http.sse.Event;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** What one open page is told, one event after another. */
final class Feed implements AutoCloseable {
  private static final int PIECE = 64 * 1024;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOOKS_PER_PING = 15;

  private final long deploymentId;
  private final Streams streams;
  private final Bell.Listener listener;
  private long offset;
  private boolean greeted;
  private boolean ended;
  private int looks;
  private int seen;

  Feed(long deploymentId, long from, Streams streams) {
    this.deploymentId = deploymentId;
    this.offset = from;
    this.streams = streams;
    this.listener = streams.bell().listen(Bell.deployment(deploymentId));
  }

  /** The next event, when there is one; empty after the last. */
  Optional<Event<String>> next() throws InterruptedException {
    if (!greeted) {
      // Without a first event no headers are sent, and the browser would go on connecting
      greeted = true;
      seen = fingerprint();
      return Optional.of(event("hello", "{}"));
    }
    while (!ended) {
      Logs.Piece piece = streams.log().read(deploymentId, offset, PIECE);
      if (!piece.text().isEmpty()) {
        offset = piece.next();
        return Optional.of(event("lines", streams.lines(piece.text())));
      }
      int now = fingerprint();
      if (now != seen) {
        seen = now;
        return Optional.of(event("changed", "{}"));
      }
      if (isOver()) {
        ended = true;
        return Optional.of(event("end", "{}"));
      }
      boolean rang = listener.await(LOOK);
      looks = rang ? 0 : looks + 1;
      if (looks >= LOOKS_PER_PING) {
        looks = 0;
        return Optional.of(event("ping", "{}"));
      }
    }
    return Optional.empty();
  }

  private Event<String> event(String name, String data) {
    return Event.of(data).name(name).id(Long.toString(offset));
  }

  private Optional<Deployments.Dossier> dossier() {
    return streams.deployments().find(deploymentId);
  }

  private int fingerprint() {
    return dossier().map(now -> Objects.hash(now.run(), now.facts(), now.statuses())).orElse(0);
  }

  /** Over, and nothing waits for GitHub: the page will not change any more. */
  private boolean isOver() {
    return dossier()
        .map(now -> now.run().state() == StoredRun.State.ENDED && now.waitingForGithub() == 0)
        .orElse(true);
  }

  @Override
  public void close() {
    listener.close();
  }
}
