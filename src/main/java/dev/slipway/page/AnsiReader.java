package dev.slipway.page;

import dev.slipway.page.TextStyle.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the SGR codes of log lines. Makes no HTML. */
final class AnsiReader {
  // An escape character that does not begin an SGR code is dropped, its sequence stays visible.
  private static final Pattern CODE = Pattern.compile("\u001b(?:\\[([0-9;:]*+)m)?");

  private AnsiReader() {}

  /**
   * A piece of a line in one style.
   *
   * @param classes of {@link TextStyle#classes()}; empty for plain text
   */
  record Segment(String text, String classes) {}

  /**
   * A line without codes.
   *
   * @param segments none is empty, neighbours differ in their classes
   * @param carry the style that a terminal would use for the next line
   */
  record Line(List<Segment> segments, TextStyle carry) {}

  /**
   * Reads a line that begins in a style: {@link TextStyle#PLAIN}, or what the line before carried.
   */
  static Line parse(String line, TextStyle begin) {
    List<Segment> segments = new ArrayList<>();
    TextStyle style = begin;
    int shown = 0;
    Matcher code = CODE.matcher(line);
    while (code.find()) {
      add(line.substring(shown, code.start()), style, segments);
      if (code.group(1) != null) {
        style = new Codes(code.group(1)).applyTo(style);
      }
      shown = code.end();
    }
    add(line.substring(shown), style, segments);
    return new Line(List.copyOf(segments), style);
  }

  private static void add(String text, TextStyle style, List<Segment> segments) {
    if (text.isEmpty()) {
      return;
    }
    String classes = style.classes();
    if (!segments.isEmpty() && segments.getLast().classes().equals(classes)) {
      segments.add(new Segment(segments.removeLast().text() + text, classes));
    } else {
      segments.add(new Segment(text, classes));
    }
  }

  /** The parameters of one SGR code, read from left to right. */
  private static final class Codes {
    private static final int UNKNOWN = -1;

    private final String[] parameters;
    private int next;

    Codes(String parameters) {
      this.parameters = parameters.split(";", -1);
    }

    TextStyle applyTo(TextStyle begin) {
      TextStyle style = begin;
      while (next < parameters.length) {
        String[] parts = parameters[next++].split(":", -1);
        style = apply(style, number(parts[0]), parts);
      }
      return style;
    }

    private TextStyle apply(TextStyle style, int code, String[] parts) {
      return switch (code) {
        case 0 -> TextStyle.PLAIN;
        case 1 -> style.with(Attribute.BOLD);
        case 2 -> style.with(Attribute.DIM);
        case 3 -> style.with(Attribute.ITALIC);
        case 4 -> underlined(style, parts);
        case 7 -> style.with(Attribute.INVERSE);
        case 9 -> style.with(Attribute.STRUCK);
        case 21 -> style.with(Attribute.UNDERLINE);
        case 22 -> style.without(Attribute.BOLD).without(Attribute.DIM);
        case 23 -> style.without(Attribute.ITALIC);
        case 24 -> style.without(Attribute.UNDERLINE);
        case 27 -> style.without(Attribute.INVERSE);
        case 29 -> style.without(Attribute.STRUCK);
        case 38 -> {
          int colour = extended(parts);
          yield colour == UNKNOWN ? style : style.withForeground(colour);
        }
        case 39 -> style.withForeground(TextStyle.DEFAULT);
        case 48 -> {
          int colour = extended(parts);
          yield colour == UNKNOWN ? style : style.withBackground(colour);
        }
        case 49 -> style.withBackground(TextStyle.DEFAULT);
        case 58 -> {
          extended(parts);
          yield style;
        }
        default -> coloured(style, code);
      };
    }

    private static TextStyle coloured(TextStyle style, int code) {
      int colour = code % 10;
      if (colour > 7) {
        return style;
      }
      return switch (code / 10) {
        case 3 -> style.withForeground(colour);
        case 4 -> style.withBackground(colour);
        case 9 -> style.withForeground(colour + 8);
        case 10 -> style.withBackground(colour + 8);
        default -> style;
      };
    }

    private static TextStyle underlined(TextStyle style, String[] parts) {
      boolean off = parts.length > 1 && number(parts[1]) == 0;
      return off ? style.without(Attribute.UNDERLINE) : style.with(Attribute.UNDERLINE);
    }

    /** Of {@code 38;5;N}, {@code 38;2;R;G;B}, or the same with colons in one parameter. */
    private int extended(String[] parts) {
      if (parts.length > 1) {
        // The ISO form has an empty colour space before red: 38:2::R:G:B.
        int first = parts.length > 5 ? 3 : 2;
        return colour(number(parts[1]), i -> first + i < parts.length ? parts[first + i] : "x");
      }
      int kind = next < parameters.length ? number(parameters[next++]) : UNKNOWN;
      int first = next;
      next += kind == 5 ? 1 : kind == 2 ? 3 : 0;
      return colour(kind, i -> first + i < parameters.length ? parameters[first + i] : "x");
    }

    private static int colour(int kind, IntFunction<String> parameter) {
      if (kind == 5) {
        int index = number(parameter.apply(0));
        return isByte(index) ? TerminalPalette.nearest(index) : UNKNOWN;
      }
      if (kind == 2) {
        int red = number(parameter.apply(0));
        int green = number(parameter.apply(1));
        int blue = number(parameter.apply(2));
        return isByte(red) && isByte(green) && isByte(blue)
            ? TerminalPalette.nearest(red, green, blue)
            : UNKNOWN;
      }
      return UNKNOWN;
    }

    private static boolean isByte(int number) {
      return number >= 0 && number <= 255;
    }

    /** Nothing means 0. */
    private static int number(String text) {
      return text.isEmpty() ? 0 : text.length() > 3 ? UNKNOWN : parsed(text);
    }

    private static int parsed(String text) {
      return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : UNKNOWN;
    }
  }
}
