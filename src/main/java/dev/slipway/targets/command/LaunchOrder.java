package dev.slipway.targets.command;

import java.nio.charset.StandardCharsets;

/**
 * What a supervisor is told that waits: text for its shell, in which every value is quoted. It
 * counts only with its last line.
 */
final class LaunchOrder {
  private final StringBuilder text = new StringBuilder(4096);

  /** Sets a variable of the supervisor's own. */
  LaunchOrder set(String name, String value) {
    text.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n");
    return this;
  }

  /** Sets a variable of the command. */
  LaunchOrder export(String name, String value) {
    text.append("export ");
    return set(name, value);
  }

  /** Changes to a directory, or ends the supervisor. */
  LaunchOrder enter(String directory) {
    set("slipway_work", directory);
    text.append("cd -P -- \"$slipway_work\" || exit 125\nunset OLDPWD\n");
    return this;
  }

  byte[] bytes() {
    return (text + "slipway_ordered=yes\n").getBytes(StandardCharsets.UTF_8);
  }
}
