package dev.slipway.targets.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The constant scripts that run commands, for any POSIX {@code sh}. Nothing is ever put into their
 * text, and they hold no apostrophe and no backslash, so that every login shell passes them on.
 */
final class Scripts {
  private static final String SUPERVISE = read("supervise");

  /**
   * Arguments: the directory it is in, umask, uid and gid. Becomes a supervisor that waits for its
   * {@link LaunchOrder}.
   */
  static final String LOCAL = read("local") + SUPERVISE + read("unused");

  /**
   * Arguments: nonce, id, {@link #REMOTE_SUPERVISE}. Reads {@link StdinEncoder}, starts, answers.
   */
  static final String START = read("start") + read("decode") + read("launch");

  static final String REMOTE_SUPERVISE =
      "slipway_dir=$1 slipway_umask=$2 slipway_uid= slipway_command= slipway_ordered=yes slipway_led=\n"
          + SUPERVISE;

  /** Arguments: nonce, id, offset, limit, chunk, naps of grace, naps of waiting. */
  static final String LOOK = read("group") + read("look");

  /** Arguments: nonce, prefix, least, id. */
  static final String FIND = read("find");

  /** Arguments: nonce, id, naps of grace. */
  static final String STOP = read("group") + read("stop");

  private Scripts() {}

  /** The line that an SSH server hands to the login shell. */
  static String line(String script, String nonce, List<String> arguments) {
    StringBuilder line = new StringBuilder("exec /bin/sh -c ").append(quoted(script));
    line.append(" slipway ").append(quoted(nonce));
    arguments.forEach(argument -> line.append(' ').append(quoted(argument)));
    return line.toString();
  }

  private static String quoted(String text) {
    if (text.indexOf('\'') >= 0 || text.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("only constants may be quoted, not " + text);
    }
    return "'" + text + "'";
  }

  private static String read(String name) {
    String path = "/dev/slipway/targets/command/" + name + ".sh";
    try (InputStream in =
        Objects.requireNonNull(Scripts.class.getResourceAsStream(path), "no resource " + path)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.stripLeading().startsWith("#"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
