package dev.slipway.process;

import java.util.Optional;

/** Which Slipway this is, as its jar says. */
public final class ProgramVersion {
  private ProgramVersion() {}

  /** Empty when the classes do not come from a jar. */
  public static Optional<String> get() {
    return Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion());
  }

  /** The name and version that Slipway sends to others. */
  public static String userAgent() {
    return "Slipway/" + get().orElse("unknown");
  }
}
