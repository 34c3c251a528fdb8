package dev.slipway.configuration;

import dev.slipway.model.FreezeWindow;
import dev.slipway.settings.SettingType;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the freeze windows of a route. */
record FreezeReader(StructureReader file) {
  /** Where those of the default route stand in the file. */
  static final String OF_DEFAULT_ROUTE = "default-route.freeze";

  private static final List<String> KEYS = List.of("days", "from", "to", "zone", "reason");
  private static final int MINUTES_OF_DAY = 24 * 60;
  private static final String END_OF_DAY = "24:00";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm");

  private static final SettingType<LocalTime> TIME_OF_DAY =
      SettingType.of(
          FreezeReader::time,
          LocalTime::toString,
          "must be a time of day such as \"09:00\", or \"24:00\" for the end of the day");

  private static final SettingType<ZoneId> ZONE =
      SettingType.of(
          FreezeReader::zone, ZoneId::toString, "must be a time zone such as Europe/Paris or UTC");

  private static final SettingType<DayOfWeek> DAY =
      SettingType.of(
          FreezeReader::day,
          FreezeReader::code,
          "must be one of mon, tue, wed, thu, fri, sat, sun");

  /** The windows of the default route. */
  List<FreezeWindow> readDefault() {
    return read(OF_DEFAULT_ROUTE, file.file().structure(OF_DEFAULT_ROUTE).orElse(null));
  }

  List<FreezeWindow> read(String at, @Nullable Object value) {
    if (value != null && !(value instanceof List<?>)) {
      file.problem(at, "must be a list of freeze windows, each with " + String.join(", ", KEYS));
    }
    List<?> written = value instanceof List<?> list ? list : List.of();
    List<FreezeWindow> windows = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String place = at + "[" + i + "]";
      file.group(place, written.get(i), KEYS)
          .map(map -> window(place, map))
          .ifPresent(windows::add);
    }
    return windows;
  }

  private FreezeWindow window(String at, Map<?, ?> map) {
    Optional<LocalTime> from = time(at + ".from", map.get("from"));
    Optional<LocalTime> to = time(at + ".to", map.get("to"));
    if (from.isPresent() && from.equals(to) && !from.get().equals(LocalTime.MIDNIGHT)) {
      file.problem(at + ".to", "is the same as from: leave both out for whole days");
    }
    return new FreezeWindow(
        days(at + ".days", map.get("days")),
        from.orElse(LocalTime.MIDNIGHT),
        to.orElse(LocalTime.MIDNIGHT),
        file.read(ZONE, at + ".zone", map.get("zone")).orElse(ZoneOffset.UTC),
        file.text(at + ".reason", map.get("reason")).orElse(""));
  }

  /** YAML reads 16:00 without quotation marks as a number, in minutes. */
  private Optional<LocalTime> time(String at, @Nullable Object value) {
    Object written =
        value instanceof Integer minutes && minutes >= 0 && minutes <= MINUTES_OF_DAY
            ? "%d:%02d".formatted(minutes / 60, minutes % 60)
            : value;
    return file.read(TIME_OF_DAY, at, written);
  }

  private static Optional<LocalTime> time(String text) {
    try {
      return Optional.of(
          text.equals(END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(text, TIME));
    } catch (DateTimeParseException noTime) {
      return Optional.empty();
    }
  }

  private static Optional<ZoneId> zone(String text) {
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException unknown) {
      return Optional.empty();
    }
  }

  private Set<DayOfWeek> days(String at, @Nullable Object value) {
    List<String> names = file.read(SettingType.list(), at, value).orElse(List.of());
    if (names.isEmpty()) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    names.forEach(name -> file.read(DAY, at, name).ifPresent(days::add));
    return days;
  }

  private static Optional<DayOfWeek> day(String name) {
    return Stream.of(DayOfWeek.values())
        .filter(day -> List.of(code(day), day.name()).contains(name.toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  private static String code(DayOfWeek day) {
    return day.name().substring(0, 3);
  }
}
