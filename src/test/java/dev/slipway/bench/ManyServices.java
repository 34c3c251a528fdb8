package dev.slipway.bench;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.LoopbackServer;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Render with many services, each of which builds as many deploys that never end. It knows which
 * of them it was asked about, and when.
 */
final class ManyServices implements AutoCloseable {
  private static final int PAGE = 100;

  private final int services;
  private final int deploys;
  private final LoopbackServer server = new LoopbackServer(this::answer);
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger others = new AtomicInteger();
  private final AtomicLongArray told;

  ManyServices(int services, int deploys) {
    this.services = services;
    this.deploys = deploys;
    this.told = new AtomicLongArray(deploys);
  }

  /** How often it was asked: for a list, for one deploy, for anything else. */
  record Calls(int lists, int looks, int others) {
    Calls since(Calls before) {
      return new Calls(lists - before.lists, looks - before.looks, others - before.others);
    }
  }

  Calls calls() {
    return new Calls(lists.get(), looks.get(), others.get());
  }

  URI address() {
    return server.address();
  }

  static String service(int service) {
    return "srv-%020d".formatted(service);
  }

  static String deploy(int deploy) {
    return "dep-%020d".formatted(deploy);
  }

  /** The service of a deploy. */
  int serviceOf(int deploy) {
    return deploy % services;
  }

  /** How many deploys it has told about. */
  long seen() {
    return IntStream.range(0, deploys).filter(deploy -> told.get(deploy) != 0).count();
  }

  /** How long ago the deploy was told about that was so least lately. */
  Duration longestUnseen() {
    long oldest = IntStream.range(0, deploys).mapToLong(told::get).min().orElseThrow();
    return Duration.ofNanos(System.nanoTime() - oldest);
  }

  private FakeResponse answer(FakeRequest request) {
    String[] path = request.uri().getPath().split("/", -1);
    int service = Integer.parseInt(path[3].substring(4));
    String body;
    if (path.length == 5) {
      int _ = lists.incrementAndGet();
      body = list(service);
    } else if (path.length == 6) {
      int _ = looks.incrementAndGet();
      body = tell(Integer.parseInt(path[5].substring(4)));
    } else {
      int _ = others.incrementAndGet();
      body = "{\"id\":\"" + path[3] + "\",\"type\":\"web_service\"}";
    }
    return FakeResponse.text(200, body).with("Content-Type", "application/json");
  }

  private String list(int service) {
    int[] newest =
        IntStream.iterate(service, deploy -> deploy < deploys, deploy -> deploy + services)
            .toArray();
    return Arrays.stream(newest)
        .skip(Math.max(0, newest.length - PAGE))
        .mapToObj(deploy -> "{\"deploy\":" + tell(deploy) + ",\"cursor\":\"" + deploy + "\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String tell(int deploy) {
    told.set(deploy, System.nanoTime());
    return """
        {"id":"%s","commit":{"id":"%s","message":"%s","createdAt":"2026-11-20T10:00:00Z"},
        "status":"build_in_progress","trigger":"api","startedAt":"2026-11-20T10:00:01Z",
        "createdAt":"2026-11-20T10:00:00Z","updatedAt":"2026-11-20T10:00:02Z"}"""
        .formatted(
            deploy(deploy), FollowedBenchmark.commit(deploy), "Change a few things. ".repeat(10));
  }

  @Override
  public void close() {
    server.close();
  }
}
