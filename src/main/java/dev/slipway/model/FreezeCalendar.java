package dev.slipway.model;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The freeze windows of all routes. */
public final class FreezeCalendar {
  /** Never holds anything. */
  public static final FreezeCalendar NONE = new FreezeCalendar(List.of());

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm VV", Locale.ENGLISH);

  private final Map<String, List<FreezeWindow>> windows;

  public FreezeCalendar(List<Route> routes) {
    windows =
        routes.stream()
            .collect(Collectors.toUnmodifiableMap(Route::name, r -> r.protection().freeze()));
  }

  /**
   * Why a deployment does not start on this route now; empty when it may.
   *
   * @param deploymentId our number of it
   */
  public Optional<Hold> hold(String route, long deploymentId, Instant now) {
    return FreezeWindow.current(windows.getOrDefault(route, List.of()), now)
        .map(freeze -> hold(freeze, deploymentId));
  }

  private static Hold hold(FreezeWindow.Current freeze, long deploymentId) {
    String head =
        "Frozen"
            + freeze
                .end()
                .map(end -> " until " + TIME.format(end.at().atZone(end.zone())))
                .orElse("");
    String tail = "; slipway override " + deploymentId;
    int left = Status.LONGEST_DESCRIPTION - CleanText.length(head) - CleanText.length(tail) - 2;
    String reason = freeze.reason().isEmpty() ? "" : ": " + Status.cut(freeze.reason(), left);
    return new Hold(head + reason + tail, freeze.end().map(FreezeWindow.End::at).orElse(null));
  }
}
