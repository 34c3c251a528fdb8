package dev.slipway.app;

import java.util.Optional;

/** Which Slipway this is, as its jar says. */
final class ProgramVersion {
  private ProgramVersion() {}

  /** Empty when the classes do not come from a jar. */
  static Optional<String> get() {
    return Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion());
  }

  /** What Slipway calls itself to others. */
  static String userAgent() {
    return "Slipway/" + get().orElse("unknown");
  }
}
