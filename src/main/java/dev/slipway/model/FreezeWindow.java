package dev.slipway.model;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A time of the week in which a route starts no deployment.
 *
 * @param days on which it begins
 * @param to when it ends, exclusively: on the next day, if it is not after {@code from}
 * @param zone whose clocks it goes by, also when they are changed
 * @param reason may be empty
 */
public record FreezeWindow(
    Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone, String reason) {
  /** Windows that follow each other without a gap are one time, but for so many at most. */
  private static final int MOST_IN_A_ROW = 32;

  public FreezeWindow {
    days = Set.copyOf(days);
  }

  /**
   * The time that now lies in.
   *
   * @param reason of the window that now lies in; of several, the one that ends last
   * @param end with its zone; empty where it does not end within a month
   */
  record Current(String reason, Optional<End> end) {}

  /** When a freeze is over, and whose clocks tell it. */
  record End(Instant at, ZoneId zone) {}

  /** The freeze that now lies in; empty when none of the windows is open. */
  static Optional<Current> current(List<FreezeWindow> windows, Instant now) {
    return last(windows, now).map(window -> new Current(window.reason(), end(windows, now)));
  }

  private static Optional<End> end(List<FreezeWindow> windows, Instant now) {
    Instant at = now;
    Optional<FreezeWindow> window = last(windows, now);
    ZoneId zone = window.orElseThrow().zone();
    for (int i = 0; i < MOST_IN_A_ROW; i++) {
      if (window.isEmpty()) {
        return Optional.of(new End(at, zone));
      }
      zone = window.get().zone();
      at = window.get().endOf(at).orElseThrow();
      window = last(windows, at);
    }
    return Optional.empty();
  }

  /** Of the windows that are open the one that ends last. */
  private static Optional<FreezeWindow> last(List<FreezeWindow> windows, Instant now) {
    return windows.stream()
        .filter(window -> window.endOf(now).isPresent())
        .max(Comparator.comparing(window -> window.endOf(now).orElseThrow()));
  }

  /** When it ends, if it is open now. */
  Optional<Instant> endOf(Instant now) {
    LocalDate today = now.atZone(zone).toLocalDate();
    return Stream.of(today.minusDays(1), today)
        .filter(day -> days.contains(day.getDayOfWeek()))
        .filter(day -> !now.isBefore(begin(day)) && now.isBefore(end(day)))
        .map(this::end)
        .max(Comparator.naturalOrder());
  }

  private Instant begin(LocalDate day) {
    return at(day.atTime(from), false);
  }

  private Instant end(LocalDate day) {
    return at((to.isAfter(from) ? day : day.plusDays(1)).atTime(to), true);
  }

  /**
   * The moment at which clocks show a time. One that they skip is the moment at which they skip it;
   * of two at which they show it, a freeze begins with the first and ends with the second.
   */
  private Instant at(LocalDateTime time, boolean later) {
    ZoneOffsetTransition change = zone.getRules().getTransition(time);
    if (change == null) {
      return time.atZone(zone).toInstant();
    }
    return change.isGap()
        ? change.getInstant()
        : time.toInstant(later ? change.getOffsetAfter() : change.getOffsetBefore());
  }
}
