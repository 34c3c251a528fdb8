package dev.slipway.targets.render;

import dev.slipway.model.ProviderLine;
import dev.slipway.targets.LenientJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A line of Render's log. */
record RenderLogRow(String id, Instant at, String message) {
  /** The lines of a page, oldest first. One without a time cannot be placed and is left out. */
  static List<RenderLogRow> of(JsonNode page) {
    List<RenderLogRow> rows = new ArrayList<>();
    for (JsonNode row : page.path("logs")) {
      Instant at = LenientJson.instant(row.path("timestamp"));
      String message = row.path("message").asString("");
      if (at != null) {
        rows.add(
            new RenderLogRow(
                LenientJson.text(row.path("id")).orElse(at + " " + message.hashCode()),
                at,
                message));
      }
    }
    rows.sort(Comparator.comparing(RenderLogRow::at));
    return List.copyOf(rows);
  }

  ProviderLine line() {
    return new ProviderLine(at, message);
  }
}
