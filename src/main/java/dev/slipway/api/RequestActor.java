package dev.slipway.api;

import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who acts by a request: the name that the caller gives, with that of the token. */
final class RequestActor {
  /** The header with the name of whoever sits at the command line. */
  static final String HEADER = "Slipway-Actor";

  private static final Pattern NAME =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,62}[\\x21-\\x7e])?");

  private RequestActor() {}

  /**
   * @param claimed what the header says; no proof of anything
   */
  static Actor of(Caller caller, @Nullable String claimed) {
    String token = "token " + caller.name();
    return new Actor(
        Optional.ofNullable(claimed)
            .filter(name -> NAME.matcher(name).matches())
            .map(name -> name + " (" + token + ")")
            .orElse(token),
        Actor.Via.API);
  }
}
