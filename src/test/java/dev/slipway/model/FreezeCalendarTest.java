package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a freeze window is open, by the clocks of its zone. */
class FreezeCalendarTest {
  private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);
  private static final FreezeWindow WEEKEND =
      window(EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), "00:00", "00:00", "Europe/Paris");
  private static final FreezeWindow FRIDAY =
      window(EnumSet.of(DayOfWeek.FRIDAY), "16:00", "00:00", "Europe/Paris");

  private static FreezeWindow window(Set<DayOfWeek> days, String from, String to, String zone) {
    return new FreezeWindow(
        days, LocalTime.parse(from), LocalTime.parse(to), ZoneId.of(zone), "weekend");
  }

  private static Optional<Hold> hold(String at, FreezeWindow... windows) {
    Route route =
        new Route(
            "web",
            RouteMatch.ANY,
            OriginPolicy.NONE,
            List.of(),
            null,
            QueuePolicy.LATEST,
            new ProtectionRules(
                ProtectionRules.WhenLocked.WAIT, List.of(windows), Set.of(), Gates.NONE));
    FreezeCalendar calendar = new FreezeCalendar(List.of(route));
    assertThat(calendar.hold("another", 7, Instant.parse(at))).isEmpty();
    return calendar.hold("web", 7, Instant.parse(at));
  }

  /** 2026-03-29 clocks in Paris go from 02:00 to 03:00, 2026-10-25 from 03:00 to 02:00. */
  @ParameterizedTest(name = "{0}-{1} {2} on {3} until {4}")
  @CsvSource({
    // In the middle, at both ends
    "09:00,17:00,UTC,          2026-11-20T09:00:00Z,2026-11-20T17:00:00Z",
    "09:00,17:00,UTC,          2026-11-20T16:59:59Z,2026-11-20T17:00:00Z",
    "09:00,17:00,UTC,          2026-11-20T17:00:00Z,",
    "09:00,17:00,UTC,          2026-11-20T08:59:59Z,",
    // In the zone's own time, summer and winter
    "09:00,17:00,Europe/Paris, 2026-11-20T08:00:00Z,2026-11-20T16:00:00Z",
    "09:00,17:00,Europe/Paris, 2026-07-20T07:00:00Z,2026-07-20T15:00:00Z",
    "09:00,17:00,Europe/Paris, 2026-07-20T15:00:00Z,",
    "09:00,17:00,Asia/Kolkata, 2026-07-20T03:30:00Z,2026-07-20T11:30:00Z",
    // Overnight, before and after midnight
    "22:00,06:00,UTC,          2026-11-20T23:00:00Z,2026-11-21T06:00:00Z",
    "22:00,06:00,UTC,          2026-11-21T05:59:59Z,2026-11-21T06:00:00Z",
    "22:00,06:00,UTC,          2026-11-21T06:00:00Z,",
    // Through the night in which an hour is missing, and the one in which one comes twice
    "22:00,06:00,Europe/Paris, 2026-03-28T22:30:00Z,2026-03-29T04:00:00Z",
    "22:00,06:00,Europe/Paris, 2026-10-24T21:00:00Z,2026-10-25T05:00:00Z",
    // Ends within the missing hour: when it is skipped
    "22:00,02:30,Europe/Paris, 2026-03-29T00:59:59Z,2026-03-29T01:00:00Z",
    "22:00,02:30,Europe/Paris, 2026-03-29T01:00:00Z,",
    // Lies within the missing hour: does not happen
    "02:00,02:30,Europe/Paris, 2026-03-29T01:00:00Z,",
    "02:00,02:30,Europe/Paris, 2026-03-29T00:30:00Z,",
    // Begins within the hour that comes twice: with the first; ends within it: with the second
    "02:30,04:00,Europe/Paris, 2026-10-25T00:30:00Z,2026-10-25T03:00:00Z",
    "02:30,04:00,Europe/Paris, 2026-10-25T00:29:59Z,",
    "01:00,02:30,Europe/Paris, 2026-10-25T01:29:59Z,2026-10-25T01:30:00Z",
    "01:00,02:30,Europe/Paris, 2026-10-25T01:30:00Z,",
  })
  void each_day(String from, String to, String zone, String now, String end) {
    Optional<Instant> until = hold(now, window(DAILY, from, to, zone)).map(Hold::until);

    assertThat(until).isEqualTo(Optional.ofNullable(end).map(Instant::parse));
  }

  @Test
  void a_day_is_the_one_on_which_the_window_begins() {
    FreezeWindow night = window(EnumSet.of(DayOfWeek.FRIDAY), "22:00", "06:00", "UTC");

    assertThat(hold("2026-11-20T23:00:00Z", night)).isPresent();
    assertThat(hold("2026-11-21T05:00:00Z", night)).as("Saturday morning").isPresent();
    assertThat(hold("2026-11-21T23:00:00Z", night)).as("Saturday evening").isEmpty();
    assertThat(hold("2026-11-20T05:00:00Z", night)).as("Friday morning").isEmpty();
  }

  @Test
  void windows_without_a_gap_between_them_end_together() {
    String monday = "2026-11-22T23:00:00Z";
    for (String now :
        List.of("2026-11-20T15:00:00Z", "2026-11-21T10:00:00Z", "2026-11-22T22:59:59Z")) {
      assertThat(hold(now, WEEKEND, FRIDAY))
          .contains(
              new Hold(
                  "Frozen until Mon 2026-11-23 00:00 Europe/Paris: weekend; slipway override 7",
                  Instant.parse(monday)));
    }
    assertThat(hold(monday, WEEKEND, FRIDAY)).isEmpty();
    assertThat(hold("2026-11-20T14:59:59Z", WEEKEND, FRIDAY)).isEmpty();
  }

  @Test
  void a_freeze_without_an_end_says_none_and_one_without_a_reason_gives_none() {
    FreezeWindow always =
        new FreezeWindow(DAILY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, ZoneId.of("UTC"), "");

    assertThat(hold("2026-11-20T15:00:00Z", always))
        .contains(new Hold("Frozen; slipway override 7", null));
  }

  @Test
  void a_long_reason_is_cut_so_that_the_command_shows() {
    FreezeWindow wordy =
        new FreezeWindow(
            DAILY,
            LocalTime.of(9, 0),
            LocalTime.of(17, 0),
            ZoneId.of("America/Argentina/ComodRivadavia"),
            "because ".repeat(40));

    String text = hold("2026-11-20T15:00:00Z", wordy).orElseThrow().text();

    assertThat(text.length()).isEqualTo(Status.LONGEST_DESCRIPTION);
    assertThat(text).contains("ComodRivadavia: because").endsWith("…; slipway override 7");
  }
}
