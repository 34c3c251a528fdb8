package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.FreezeWindow;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.RouteMatch;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, freeze windows and gates as the file writes them. */
class ProtectionSettingsTest {
  @TempDir Path folder;

  @Test
  void a_route_has_all_of_them() throws Exception {
    file(
        folder,
        """
        routes:
          - name: web
            locked: reject
            freeze:
              - {days: [fri, Saturday], from: "16:00", to: "24:00", zone: Europe/Paris, reason: weekend}
              - {from: 22:30, to: 6:00}
              - days: sun
            freeze-override: [mia]
            gates: {refs: [main, "release/*"], creators: mia, after: staging}
            chain: [{shell: {command: a}}]
        """);

    ProtectionRules rules = good(folder).routes().getFirst().route().protection();

    assertThat(rules.whenLocked()).isEqualTo(ProtectionRules.WhenLocked.REJECT);
    assertThat(rules.freeze())
        .containsExactly(
            new FreezeWindow(
                EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY),
                LocalTime.of(16, 0),
                LocalTime.MIDNIGHT,
                ZoneId.of("Europe/Paris"),
                "weekend"),
            new FreezeWindow(
                EnumSet.allOf(DayOfWeek.class),
                LocalTime.of(22, 30),
                LocalTime.of(6, 0),
                ZoneOffset.UTC,
                ""),
            new FreezeWindow(
                Set.of(DayOfWeek.SUNDAY),
                LocalTime.MIDNIGHT,
                LocalTime.MIDNIGHT,
                ZoneOffset.UTC,
                ""));
    assertThat(rules.mayOverrideFreeze("Mia")).isTrue();
    assertThat(rules.mayOverrideFreeze("bob")).isFalse();
    assertThat(rules.gates().patterns(RouteMatch.Part.REFS)).containsExactly("main", "release/*");
    assertThat(rules.gates().patterns(RouteMatch.Part.CREATORS)).containsExactly("mia");
    assertThat(rules.gates().after()).contains("staging");
  }

  @Test
  void the_default_route_has_them_in_the_file_and_in_variables() throws Exception {
    file(
        folder,
        """
        default-route:
          locked: reject
          freeze: [{days: [sun]}]
          gates: {refs: [main]}
        """);

    ProtectionRules rules =
        good(folder, "DEPLOY_CMD", "true", "SLIPWAY_GATE_AFTER", "staging")
            .routes()
            .getFirst()
            .route()
            .protection();

    assertThat(rules.whenLocked()).isEqualTo(ProtectionRules.WhenLocked.REJECT);
    assertThat(rules.freeze()).hasSize(1);
    assertThat(rules.gates().patterns(RouteMatch.Part.REFS)).containsExactly("main");
    assertThat(rules.gates().after()).contains("staging");
  }

  @Test
  void what_is_wrong_is_named_with_its_place() throws Exception {
    file(
        folder,
        """
        default-route: {freeze: weekend}
        routes:
          - name: web
            locked: maybe
            freeze:
              - {days: [frday], from: noon, to: "25:00", zone: Mars/Olympus}
              - {from: "09:00", to: "09:00"}
              - weekend
              - {until: "09:00"}
            gates: {branches: [main]}
            chain: [{shell: {command: a}}]
        """);

    assertThat(problems(folder))
        .contains(
            "routes[0].locked: \"maybe\" must be one of wait, reject",
            "routes[0].freeze[1].to: is the same as from: leave both out for whole days")
        .anyMatch(p -> p.startsWith("default-route.freeze: must be a list of freeze windows"))
        .anyMatch(p -> p.startsWith("routes[0].freeze[0].days: ") && p.contains("mon, tue, wed"))
        .anyMatch(p -> p.startsWith("routes[0].freeze[0].from: ") && p.contains("\"09:00\""))
        .anyMatch(p -> p.startsWith("routes[0].freeze[0].to: "))
        .anyMatch(p -> p.startsWith("routes[0].freeze[0].zone: ") && p.contains("Europe/Paris"))
        .anyMatch(p -> p.startsWith("routes[0].freeze[2]: must be a group of settings"))
        .anyMatch(p -> p.startsWith("routes[0].freeze[3].until: is not a setting"))
        .anyMatch(p -> p.startsWith("routes[0].gates.branches: is not a setting"));
  }
}
