package dev.slipway.setup;

import org.jspecify.annotations.Nullable;

/**
 * What the page shows that comes after GitHub's.
 *
 * @param title what came of it
 * @param text what it means
 * @param settings the settings as lines of an environment file; empty when there are none
 * @param download the same as an address that a browser saves
 * @param fileName what it saves them as
 * @param use where the settings go
 * @param installAt GitHub's page where the App is installed; null when it is not known
 */
public record SetupResultView(
    String title,
    String text,
    String settings,
    String download,
    String fileName,
    String use,
    @Nullable String installAt) {
  /** A page without settings. */
  static SetupResultView failed(String title, String text) {
    return new SetupResultView(title, text, "", "", "", "", null);
  }
}
