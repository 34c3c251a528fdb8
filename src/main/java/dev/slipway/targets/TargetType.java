package dev.slipway.targets;

import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingValues;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A way to deploy that Slipway knows: the settings that it brings, and how a target is configured
 * by them.
 */
public interface TargetType {
  /** Its name in a chain, and that of its target unless the chain gives another one. */
  String code();

  /** The settings that it brings, in the order of the documentation; types may share some. */
  List<Setting<?>> settings();

  /** The settings that a target may have of its own in a chain, by their names there. */
  Map<String, Setting<?>> entrySettings();

  /** The setting without which there is no target of this type; one of the entry's. */
  Setting<?> required();

  /**
   * Reads a target. What is wrong is added to the problems of the values.
   *
   * @param name its name in the chain
   * @param data the directory in which Slipway keeps its files
   */
  ConfiguredTarget read(String name, SettingValues values, Path data);
}
