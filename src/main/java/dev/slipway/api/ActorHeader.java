package dev.slipway.api;

import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import dev.slipway.model.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * The header in which a caller says for whom it acts. Nobody checks it, so the name of the token is
 * kept with it.
 */
final class ActorHeader {
  static final String NAME = "Slipway-Actor";

  private static final int LONGEST = 100;

  private ActorHeader() {}

  /**
   * Who acts.
   *
   * @param value of the header; null where it is missing
   */
  static Actor actor(Caller caller, @Nullable String value) {
    String said = value == null ? "" : CleanText.line(value);
    String name = said.substring(0, Math.min(said.length(), LONGEST));
    return new Actor(
        name.isEmpty() ? "token " + caller.name() : name + " (token " + caller.name() + ")",
        Actor.Via.API);
  }
}
