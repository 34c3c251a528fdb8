package dev.slipway.github;

import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What came of reading something at GitHub. */
public sealed interface ReadResult {
  /** It is as it was when the ETag was given; asking cost nothing of the hourly limit. */
  record Unchanged() implements ReadResult {}

  /**
   * What GitHub has.
   *
   * @param etag makes the next look cost nothing while this stays as it is
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

  /** It has more bytes than are read of an answer. */
  record TooLarge() implements ReadResult {}
}
