package dev.slipway.explain;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** An explanation as JSON: its records as objects, times as ISO 8601. */
public final class ExplanationJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private ExplanationJson() {}

  /** The explanation as one object, on several lines. */
  public static String of(Explanation explanation) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(explanation);
  }
}
