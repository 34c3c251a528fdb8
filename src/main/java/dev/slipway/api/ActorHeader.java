package dev.slipway.api;

import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import dev.slipway.model.CleanText;
import dev.slipway.secret.Redactor;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The header in which a caller says for whom it acts. Nobody checks it, so the name of the token is
 * kept with it.
 */
@Singleton
final class ActorHeader {
  static final String NAME = "Slipway-Actor";

  private static final int LONGEST = 100;

  private final Redactor redactor;

  ActorHeader(Redactor redactor) {
    this.redactor = redactor;
  }

  /**
   * Who acts.
   *
   * @param value of the header; null where it is missing
   */
  Actor actor(Caller caller, @Nullable String value) {
    String said = value == null ? "" : redactor.redact(value).text();
    String name = CleanText.cut(CleanText.line(said), LONGEST);
    return new Actor(
        name.isEmpty() ? "token " + caller.name() : name + " (token " + caller.name() + ")",
        Actor.Via.API);
  }
}
