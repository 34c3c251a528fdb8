package dev.slipway.sweep;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.FakeResponse.Transmission;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import java.util.function.Supplier;

/**
 * The way of a Slipway's calls: each that may change something is two steps of its life, before it
 * arrived and before its answer is known, and nothing of a dead one arrives.
 *
 * @param to who is called
 * @param life of the caller
 */
record MortalNetwork(String to, Supplier<Life> life) implements NetworkBehavior {
  @Override
  public FakeResponse carry(FakeRequest request, RequestHandler server) {
    Life caller = life.get();
    String what = "%s %s at %s".formatted(request.method(), request.uri().getPath(), to);
    boolean changes = !request.method().equals("GET");
    if (changes && !caller.survives("before " + what)) {
      return FakeResponse.text(500, "").with(Transmission.DROPPED);
    }
    FakeResponse response = server.handle(request);
    boolean isKnown = changes ? caller.survives("after " + what) : caller.survivesLook(what);
    return isKnown ? response : response.with(Transmission.DROPPED);
  }
}
