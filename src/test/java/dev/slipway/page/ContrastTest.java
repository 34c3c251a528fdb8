package dev.slipway.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text can be read: 4.5 to 1 or better, as WCAG AA asks, on everything it may stand on. */
class ContrastTest {
  private static final Pattern COLOUR = Pattern.compile("--([\\w-]+): #([0-9a-f]{6});");
  private static final double LEAST = 4.5;

  private static Map<String, Integer> colours(boolean dark) throws IOException {
    String css;
    try (InputStream file = ContrastTest.class.getResourceAsStream("/public/slipway.css")) {
      css = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
    int from = css.indexOf("prefers-color-scheme: dark");
    Map<String, Integer> colours = new HashMap<>();
    Matcher colour = COLOUR.matcher(dark ? css.substring(from) : css.substring(0, from));
    while (colour.find()) {
      colours.put(colour.group(1), Integer.parseInt(colour.group(2), 16));
    }
    assertThat(colours).hasSizeGreaterThan(50);
    return colours;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void words_stand_out_from_what_is_behind_them(boolean dark) throws IOException {
    Map<String, Integer> colours = colours(dark);
    for (String ground : List.of("page", "surface", "hover")) {
      for (String text : List.of("ink", "soft", "accent", "error")) {
        check(colours, text, ground);
      }
    }
    for (String tone :
        List.of("queued", "in_progress", "success", "failure", "error", "inactive")) {
      check(colours, tone, tone + "-surface");
      check(colours, tone, "page");
    }
    check(colours, "ink", "accent-surface");
    check(colours, "accent", "accent-surface");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void every_colour_of_a_terminal_can_be_read_on_every_other(boolean dark) throws IOException {
    Map<String, Integer> colours = colours(dark);
    for (int text = 0; text < 16; text++) {
      check(colours, "fg" + text, "surface");
      check(colours, "fg" + text, "hover");
      check(colours, "ink", "bg" + text);
      check(colours, "bg" + text, "ink");
      for (int ground = 0; ground < 16; ground++) {
        check(colours, "fg" + text, "bg" + ground);
      }
    }
  }

  private static void check(Map<String, Integer> colours, String text, String ground) {
    double one = luminance(Objects.requireNonNull(colours.get(text), text));
    double other = luminance(Objects.requireNonNull(colours.get(ground), ground));
    assertThat((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05))
        .as("%s on %s", text, ground)
        .isGreaterThanOrEqualTo(LEAST);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int part) {
    double c = (part & 0xff) / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }
}
