package dev.slipway.fakes;

/**
 * What happens to calls between a caller and a fake. A test makes its faults here: it may delay a
 * call, answer in the fake's place, or lose the request or its response. Safe for use by many
 * threads.
 */
public interface NetworkBehavior {
  /** Every call arrives, and every response. */
  NetworkBehavior RELIABLE = (request, server) -> server.handle(request);

  /**
   * Carries one call.
   *
   * @param server the fake; it has acted on the request when this returns
   */
  FakeResponse carry(FakeRequest request, RequestHandler server);
}
