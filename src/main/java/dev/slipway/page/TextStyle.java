package dev.slipway.page;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The style of a piece of a log line.
 *
 * @param attributes those that are on
 * @param foreground 0 to 15, or {@link #DEFAULT}
 * @param background 0 to 15, or {@link #DEFAULT}
 */
record TextStyle(Set<Attribute> attributes, int foreground, int background) {
  static final int DEFAULT = -1;
  static final TextStyle PLAIN = new TextStyle(Set.of(), DEFAULT, DEFAULT);

  TextStyle {
    attributes = Set.copyOf(attributes);
  }

  /** An attribute that can be switched on and off. */
  enum Attribute {
    BOLD("b"),
    DIM("d"),
    ITALIC("i"),
    UNDERLINE("u"),
    STRUCK("s"),
    INVERSE("v");

    private final String cssClass;

    Attribute(String cssClass) {
      this.cssClass = cssClass;
    }
  }

  TextStyle with(Attribute attribute) {
    EnumSet<Attribute> more = EnumSet.of(attribute);
    more.addAll(attributes);
    return new TextStyle(more, foreground, background);
  }

  TextStyle without(Attribute attribute) {
    EnumSet<Attribute> fewer = EnumSet.noneOf(Attribute.class);
    fewer.addAll(attributes);
    fewer.remove(attribute);
    return new TextStyle(fewer, foreground, background);
  }

  TextStyle withForeground(int colour) {
    return new TextStyle(attributes, colour, background);
  }

  TextStyle withBackground(int colour) {
    return new TextStyle(attributes, foreground, colour);
  }

  /**
   * CSS classes, such as {@code b fg1 bg4}. Of an inverse style the colours are swapped already;
   * {@code v} stands for a swap of those that are default.
   */
  String classes() {
    List<String> classes = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      if (attributes.contains(attribute)) {
        classes.add(attribute.cssClass);
      }
    }
    boolean inverse = attributes.contains(Attribute.INVERSE);
    addColour("fg", inverse ? background : foreground, classes);
    addColour("bg", inverse ? foreground : background, classes);
    return String.join(" ", classes);
  }

  private static void addColour(String prefix, int colour, List<String> classes) {
    if (colour != DEFAULT) {
      classes.add(prefix + colour);
    }
  }
}
