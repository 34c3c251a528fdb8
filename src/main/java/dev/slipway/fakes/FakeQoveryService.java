package dev.slipway.fakes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * One service at Qovery and its deployment requests. It has been deployed once before. Requests
 * that wait are merged into one, and one is deployed after another.
 */
final class FakeQoveryService {
  private static final String OLD_COMMIT = "9b1c0f7e".repeat(5);

  private final QoveryBodies bodies;
  private final List<FakeQoveryRequest> requests = new ArrayList<>();

  FakeQoveryService(QoveryBodies bodies, Instant deployedBefore) {
    this.bodies = bodies;
    requests.add(
        new FakeQoveryRequest(
            id(1),
            1,
            OLD_COMMIT,
            deployedBefore,
            deployedBefore,
            StateSchedule.of(List.of(), "DEPLOYED"),
            null));
  }

  /** Adds a request, or gives a waiting one another version. */
  FakeQoveryRequest request(
      String version, StateSchedule schedule, Duration queueing, Instant now) {
    FakeQoveryRequest newest = newest();
    if (newest.isQueued(now)) {
      requests.set(requests.size() - 1, newest.mergedWith(version, schedule));
    } else {
      int number = requests.size() + 1;
      Instant begins =
          newest.isOver(now)
              ? now.plus(queueing)
              : newest.ends().map(end -> end.plus(queueing)).orElse(Instant.MAX);
      requests.add(new FakeQoveryRequest(id(number), number, version, now, begins, schedule, null));
    }
    return newest();
  }

  /** Cancels a request unless it is over. */
  void cancel(String request, Instant now) {
    requests.replaceAll(one -> one.id().equals(request) ? one.cancelledAt(now) : one);
  }

  Optional<FakeQoveryRequest> find(String request) {
    return requests.stream().filter(one -> one.id().equals(request)).findFirst();
  }

  FakeQoveryRequest newest() {
    return requests.getLast();
  }

  /** Whether it has no request but the old one. */
  boolean isUntouched() {
    return requests.size() == 1;
  }

  /** The request that the service's status shows: the newest that does not wait. */
  FakeQoveryRequest shown(Instant now) {
    return begun(now).findFirst().orElseThrow();
  }

  /** The commit that runs. */
  String deployed(Instant now) {
    return requests.reversed().stream()
        .filter(request -> request.isLive(now))
        .findFirst()
        .map(FakeQoveryRequest::version)
        .orElse(OLD_COMMIT);
  }

  FakeResponse body(Instant now) {
    return FakeResponse.json(200, bodies.service(deployed(now)));
  }

  FakeResponse status(Instant now) {
    return FakeResponse.json(200, shown(now).status(bodies.service(), now));
  }

  FakeResponse created(FakeQoveryRequest request, Instant now) {
    return FakeResponse.json(202, request.status(bodies.service(), now).put("state", "QUEUED"));
  }

  FakeResponse links() {
    return FakeResponse.json(200, bodies.links());
  }

  FakeResponse queue(Instant now) {
    List<FakeQoveryRequest> waiting =
        requests.stream().filter(request -> request.isQueued(now)).toList();
    return FakeResponse.json(200, bodies.queue(waiting, now));
  }

  FakeResponse history(int size, Instant now) {
    return FakeResponse.json(200, bodies.history(begun(now).limit(size).toList(), now));
  }

  /** What the log of the environment says about a deploy. */
  List<ObjectNode> log(String executionId, Instant now) {
    return begun(now)
        .filter(request -> request.executionId(bodies.service()).equals(executionId))
        .flatMap(request -> bodies.log(request, now).stream())
        .toList();
  }

  private Stream<FakeQoveryRequest> begun(Instant now) {
    return requests.reversed().stream().filter(request -> !request.isQueued(now));
  }

  private String id(int number) {
    byte[] seed = (bodies.service() + "/" + number).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(seed).toString();
  }
}
