package dev.slipway.page;

import dev.slipway.store.Logs;
import dev.slipway.store.StoredDeployment;
import io.micronaut.context.annotation.Bean;
import io.micronaut.http.sse.Event;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Makes the event streams of log pages: one waiting virtual thread for each open page. */
@Singleton
@Bean(preDestroy = "close")
public final class EventStreams implements AutoCloseable {
  /** An open page needs one; a client that opens more than this is refused. */
  static final int MOST_OF_ONE = 50;

  private static final int MOST = 500;

  private final Map<Long, Integer> open = new HashMap<>();
  private final PageSource source;
  private final Scheduler threads =
      Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor(), "page");

  EventStreams(PageSource source) {
    this.source = source;
  }

  /** Lines before those that a page has. */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  record Earlier(long start, List<LogLine> lines) {}

  Earlier earlier(Logs.Piece piece) {
    return new Earlier(piece.start(), LogLine.of(piece.text()));
  }

  /** Lines behind those that a page has, for one that got no event stream. */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  record Later(long next, List<LogLine> lines) {}

  Later later(long deploymentId, long from) {
    Logs.Piece piece = source.read(deploymentId, from);
    return new Later(piece.next(), LogLine.of(piece.text()));
  }

  /** Whether one more may be opened. */
  boolean hasRoom(long deploymentId) {
    synchronized (open) {
      return open.getOrDefault(deploymentId, 0) < MOST_OF_ONE
          && open.values().stream().mapToInt(Integer::intValue).sum() < MOST;
    }
  }

  private boolean enter(long deploymentId) {
    synchronized (open) {
      boolean room = hasRoom(deploymentId);
      if (room) {
        int _ = open.merge(deploymentId, 1, Integer::sum);
      }
      return room;
    }
  }

  private void leave(long deploymentId) {
    synchronized (open) {
      Integer _ = open.computeIfPresent(deploymentId, (_, n) -> n == 1 ? null : n - 1);
    }
  }

  /**
   * Everything from an offset on, as it happens; ends when the deployment has, when its links are
   * revoked, and at once when there is no room for it after all.
   */
  Publisher<Event<String>> of(StoredDeployment deployment, long from) {
    return Flux.defer(
        () ->
            enter(deployment.id())
                ? feed(deployment, from).doFinally(_ -> leave(deployment.id()))
                : Flux.empty());
  }

  private Flux<Event<String>> feed(StoredDeployment deployment, long from) {
    return Flux.<Event<String>, PageEvents>generate(
            () -> new PageEvents(deployment, from, source),
            (feed, sink) -> {
              try {
                feed.next().ifPresentOrElse(sink::next, sink::complete);
              } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                sink.complete();
              }
              return feed;
            },
            PageEvents::close)
        .subscribeOn(threads);
  }

  @Override
  public void close() {
    threads.dispose();
  }
}
