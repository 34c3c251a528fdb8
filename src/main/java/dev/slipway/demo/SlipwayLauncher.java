package dev.slipway.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** Starts the program that the story is about. */
public interface SlipwayLauncher {
  /**
   * Starts it and returns when it takes deliveries at {@code /webhooks/github}.
   *
   * @param settings its environment variables, all of them
   * @param folder an empty directory of its own, which exists
   */
  Running start(Map<String, String> settings, Path folder);

  /** A running Slipway. */
  interface Running extends AutoCloseable {
    /** Its base URL, such as {@code http://127.0.0.1:8080}. */
    URI address();

    @Override
    void close();
  }
}
