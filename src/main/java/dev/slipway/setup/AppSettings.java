package dev.slipway.setup;

import dev.slipway.github.AppRegistration.Registration.Registered;
import dev.slipway.github.GithubSettingNames;
import dev.slipway.secret.Secret;
import java.util.regex.Pattern;

/**
 * The settings of an App that was made, as what the operator saves: lines of an environment file
 * for the first host, keys of its entry in the file for another.
 */
record AppSettings(Registered app, GithubSettingNames names) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");

  String text() {
    return names.areVariables() ? environment() : entry();
  }

  /** What a browser saves them as. */
  String fileName() {
    return names.areVariables() ? "slipway-github-app.env" : "slipway-github-app.yml";
  }

  /** What is done with them. */
  String use() {
    return names.areVariables()
        ? "give them to Slipway as environment variables, without " + names.token()
        : "put them into slipway.yml, into the entry %s, in the place of %s"
            .formatted(names.entry(), names.token());
  }

  private String environment() {
    return names.appId()
        + "="
        + app.id()
        + "\n"
        + names.appPrivateKey()
        + "="
        + line(app.privateKey())
        + app.webhookSecret().map(s -> "\n" + names.webhookSecret() + "=" + line(s)).orElse("")
        + "\n";
  }

  private String entry() {
    return key(names.appId(), app.id())
        + key(names.appPrivateKey(), oneLine(app.privateKey()))
        + app.webhookSecret().map(s -> key(names.webhookSecret(), oneLine(s))).orElse("");
  }

  /** The last part of the name is the key. In double quotes {@code \\n} is the end of a line. */
  private static String key(String name, String value) {
    return "    %s: \"%s\"\n".formatted(name.substring(name.lastIndexOf('.') + 1), value);
  }

  /**
   * One line for shells, systemd and Docker. Docker takes quotes for a part of the value: they
   * stand around the key alone, which may have them, as its blanks need them elsewhere.
   */
  private static String line(Secret secret) {
    String text = oneLine(secret);
    return PLAIN.matcher(text).matches() ? text : "'" + text + "'";
  }

  private static String oneLine(Secret secret) {
    return secret.reveal().strip().replace("\r", "").replace("\n", "\\n");
  }
}
