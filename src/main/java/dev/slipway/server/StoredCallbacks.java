package dev.slipway.server;

import dev.slipway.model.Attempt;
import dev.slipway.secret.CallbackKeys;
import dev.slipway.store.ReceivedCallbacks;
import dev.slipway.targets.Callbacks;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The callbacks of a server: addresses on its public base, and what the database has.
 *
 * @param base the public address, known once the server is open
 */
record StoredCallbacks(Supplier<String> base, CallbackKeys keys, ReceivedCallbacks received)
    implements Callbacks {
  @Override
  public Callback of(Attempt attempt) {
    String key = keys.of(attempt.id());
    return new Callback(address(base.get(), attempt, key), key);
  }

  static URI address(String base, Attempt attempt, String key) {
    return URI.create("%s/callbacks/%s/%s".formatted(base, attempt.id(), key));
  }

  @Override
  public Optional<String> received(Attempt attempt) {
    return received.find(attempt.deploymentId(), attempt.id());
  }
}
