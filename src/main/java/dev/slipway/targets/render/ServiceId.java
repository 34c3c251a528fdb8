package dev.slipway.targets.render;

import java.util.Optional;
import java.util.regex.Pattern;

/** Render's id of a service, known to be safe as a piece of a path. */
record ServiceId(String value) {
  private static final Pattern FORM = Pattern.compile("(srv|crn)-[a-z0-9]+");

  ServiceId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not the id of a Render service");
    }
  }

  static Optional<ServiceId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new ServiceId(text)) : Optional.empty();
  }

  boolean isCronJob() {
    return value.startsWith("crn-");
  }

  @Override
  public String toString() {
    return value;
  }
}
