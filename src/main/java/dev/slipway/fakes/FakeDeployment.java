package dev.slipway.fakes;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * A deployment at GitHub with its statuses, oldest first.
 *
 * @param wanted the request that created it
 * @param guid of its first delivery
 */
record FakeDeployment(
    long id,
    FakeRepository repository,
    String sha,
    JsonNode wanted,
    Instant createdAt,
    String guid,
    List<Posted> statuses) {
  FakeDeployment(
      long id,
      FakeRepository repository,
      String sha,
      JsonNode wanted,
      Instant createdAt,
      String guid) {
    this(id, repository, sha, wanted, createdAt, guid, new CopyOnWriteArrayList<>());
  }

  /** A status and when it came. */
  record Posted(FakeEvent.StatusCreated status, Instant at) {}

  String environment() {
    return wanted.path("environment").asString("production");
  }

  String description() {
    return wanted.path("description").asString("");
  }

  String ref() {
    return wanted.path("ref").asString("");
  }

  String task() {
    return wanted.path("task").asString("deploy");
  }
}
