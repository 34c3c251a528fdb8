package dev.slipway.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks up names before a call. The client would do it on its event loop, where one slow answer
 * stops every other call; it finds in the JVM's cache what was looked up here. A name is looked up
 * once however many ask for it, so there are never more threads than names.
 */
final class HostLookup implements AutoCloseable {
  private final Duration limit;
  private final Map<String, CompletableFuture<InetAddress>> underWay = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("names-", 0).factory());

  HostLookup(Duration limit) {
    this.limit = limit;
  }

  /** Why the name cannot be resolved; empty when it has an address. */
  Optional<String> problem(String host) throws InterruptedException {
    CompletableFuture<InetAddress> lookup = underWay.computeIfAbsent(host, this::begin);
    try {
      InetAddress _ = lookup.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(
          "the name " + host + " was not looked up within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Optional.of("no such host: " + host);
    }
  }

  private CompletableFuture<InetAddress> begin(String host) {
    return CompletableFuture.supplyAsync(() -> found(host), threads);
  }

  private InetAddress found(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new CompletionException(e);
    } finally {
      CompletableFuture<InetAddress> _ = underWay.remove(host);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
