package dev.slipway.page;

/**
 * Which of the sixteen colours of a terminal comes nearest to any other. Goes by hue: by distance
 * in RGB, a pale red would be grey.
 */
final class TerminalPalette {
  private static final int GREYISH = 32;
  private static final int BRIGHT = 215;
  private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

  private TerminalPalette() {}

  /** For an index of the 256 colours: 16 of the terminal, a cube of 216, 24 shades of grey. */
  static int nearest(int index) {
    if (index < 16) {
      return index;
    }
    if (index >= 232) {
      int grey = 8 + (index - 232) * 10;
      return nearest(grey, grey, grey);
    }
    int cube = index - 16;
    return nearest(CUBE[cube / 36], CUBE[cube / 6 % 6], CUBE[cube % 6]);
  }

  /** For parts from 0 to 255. */
  static int nearest(int red, int green, int blue) {
    int most = Math.max(red, Math.max(green, blue));
    int least = Math.min(red, Math.min(green, blue));
    int middle = (most + least) / 2;
    if (most - least < GREYISH) {
      return grey(middle);
    }
    int hue = (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0);
    return most > BRIGHT ? hue + 8 : hue;
  }

  private static int grey(int level) {
    if (level < 64) {
      return 0;
    }
    if (level < 160) {
      return 8;
    }
    return level < 235 ? 7 : 15;
  }
}
