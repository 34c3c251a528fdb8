package dev.slipway.targets.command;

import dev.slipway.model.End;
import dev.slipway.targets.AttemptLog;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns an exit code, and what the command wrote into its answer file, into an end. */
final class CommandEnd {
  /** How much of the answer file is read. */
  static final int LARGEST_ANSWER = 64 * 1024;

  private static final int LAST_SIGNAL = 64;

  /** Java takes no host with an underscore, yet previews are often called so. */
  private static final Pattern NAME_AND_PORT =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?(?::\\d{1,5})?");

  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(6, "SIGABRT"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL, perhaps for want of memory"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  private CommandEnd() {}

  /**
   * @param answer the bytes of the answer file
   * @param setting the name of the setting that holds the command
   */
  static End of(int code, byte[] answer, String setting, AttemptLog log) {
    String text = new String(answer, StandardCharsets.UTF_8);
    String description = last(text, "description").map(CommandEnd::shown).orElse("");
    if (code == 0) {
      return new End.Succeeded(
          last(text, "environment_url").map(url -> link(url, log)).orElse(null),
          description.isEmpty() ? "Command finished" : description);
    }
    return new End.Failed(
        failure(code, setting) + (description.isEmpty() ? "" : ": " + description));
  }

  private static String failure(int code, String setting) {
    return switch (code) {
      case 126 -> "Command exited with 126, not executable: make it so, or change " + setting;
      case 127 -> "Command exited with 127, command not found: change " + setting;
      default ->
          code > 128 && code <= 128 + LAST_SIGNAL
              ? "Command was killed by "
                  + SIGNALS.getOrDefault(code - 128, "signal " + (code - 128))
                  + " (exit code "
                  + code
                  + ")"
              : "Command exited with " + code;
    };
  }

  private static Optional<String> last(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).strip())
        .filter(value -> !value.isEmpty())
        .reduce((_, later) -> later);
  }

  private static String shown(String description) {
    return description.replaceAll("[\\p{Cntrl}\\p{Cf}]", " ").strip();
  }

  private static @Nullable URI link(String text, AttemptLog log) {
    String left = "The environment_url in SLIPWAY_OUTPUT was left out: it ";
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
      if ((scheme.equals("http") || scheme.equals("https")) && authority.contains("@")) {
        log.log(left + "holds a user or a password, and everybody may read it");
        return null;
      }
      if ((scheme.equals("http") || scheme.equals("https"))
          && (uri.getHost() != null || NAME_AND_PORT.matcher(authority).matches())) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // said below, as for any other text that is no link
    }
    log.log(left + "is no http(s) address");
    return null;
  }
}
