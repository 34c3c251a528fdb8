package dev.slipway.fakes;

/** Answers HTTP requests. Safe for use by many threads. */
public interface RequestHandler {
  /** Answers one request. */
  FakeResponse handle(FakeRequest request);
}
