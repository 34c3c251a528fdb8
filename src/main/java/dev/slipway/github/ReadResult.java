package dev.slipway.github;

import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The result of reading something at GitHub. */
public sealed interface ReadResult {
  /** Nothing has changed since the ETag was given; the call does not count against the limit. */
  record Unchanged() implements ReadResult {}

  /**
   * A page of what GitHub has.
   *
   * @param etag makes the next read free of charge while nothing changes
   * @param next the page after this one, on the same host
   */
  record Page(JsonNode json, Optional<String> etag, Optional<URI> next) implements ReadResult {}

  /** The credential may not see this, or it is not there. */
  record Hidden(int status) implements ReadResult {}

  /**
   * Not now.
   *
   * @param forAll other calls would fare no better: GitHub cannot be reached, wants no more calls,
   *     or does not take the credential
   */
  record RetryLater(String reason, boolean forAll) implements ReadResult {}

  /** The answer has more bytes than are read. */
  record TooLarge() implements ReadResult {}
}
