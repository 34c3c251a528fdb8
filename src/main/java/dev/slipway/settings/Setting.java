package dev.slipway.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * One setting: its environment variable, its key in the file, the type of its value, its default,
 * and a line of documentation. The code and the documentation both take the default from here.
 *
 * @param <T> the type of the value; an {@code Optional} for a setting that may be left unset
 */
public final class Setting<T> {
  private static final String NONE = "–";

  /** The other settings, for a default that depends on them. */
  public interface OtherSettings {
    /** The value of another setting. */
    <T> T get(Setting<T> setting);

    /** Resolves the name of a file against the working directory. */
    Path resolve(Path file);
  }

  private final String variable;
  private final String key;
  private final SettingType<T> type;
  private final Function<OtherSettings, T> fallback;
  private final String documentedDefault;
  private final String purpose;

  private Setting(
      String variable,
      String key,
      SettingType<T> type,
      Function<OtherSettings, T> fallback,
      String documentedDefault,
      String purpose) {
    this.variable = variable;
    this.key = key;
    this.type = type;
    this.fallback = fallback;
    this.documentedDefault = documentedDefault;
    this.purpose = purpose;
  }

  /**
   * A setting with a default.
   *
   * @param variable the environment variable
   * @param key its place in the file, with dots between the levels
   * @param purpose what it is, as half a sentence of Markdown
   */
  public static <T> Setting<T> of(
      String variable, String key, SettingType<T> type, T fallback, String purpose) {
    String written = type.format(fallback);
    return new Setting<>(
        variable,
        key,
        type,
        _ -> fallback,
        written.isEmpty() ? NONE : "`" + written + "`",
        purpose);
  }

  /** A setting that may be left unset; the purpose says what that means. */
  public static <T> Setting<Optional<T>> optional(
      String variable, String key, SettingType<T> type, String purpose) {
    return of(variable, key, type.optional(), Optional.empty(), purpose);
  }

  /**
   * A setting with a default that depends on other settings or on the machine.
   *
   * @param documentedDefault the default in words, in Markdown
   */
  public static <T> Setting<T> computed(
      String variable,
      String key,
      SettingType<T> type,
      String documentedDefault,
      Function<OtherSettings, T> fallback,
      String purpose) {
    return new Setting<>(variable, key, type, fallback, documentedDefault, purpose);
  }

  /** The environment variable. */
  public String variable() {
    return variable;
  }

  /** Its place in the file, with dots between the levels. */
  public String key() {
    return key;
  }

  /** What a value of it may be. */
  public SettingType<T> type() {
    return type;
  }

  /** The value of the setting while nobody sets it. */
  public T defaultValue(OtherSettings others) {
    return fallback.apply(others);
  }

  /** The default as the documentation prints it, in Markdown. */
  public String documentedDefault() {
    return documentedDefault;
  }

  /** What it is, as half a sentence of Markdown. */
  public String purpose() {
    return purpose;
  }

  /** A secret can also come from the file named by {@link #fileVariable}, and is never shown. */
  public boolean isSecret() {
    return type.isSecret();
  }

  /** The variable that names a file with the secret. */
  String fileVariable() {
    return variable + "_FILE";
  }

  @Override
  public String toString() {
    return variable;
  }
}
