package dev.slipway.targets;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last line that was logged about each deploy, so that the same line is not logged at every
 * poll. Nothing depends on it: after a restart a line comes twice.
 */
public final class LastLogged {
  private static final int MOST = 1000;

  private final Map<String, String> last =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /** Remembers the line, and returns the one before; null for the first. */
  public synchronized @Nullable String replace(String key, String line) {
    return last.put(key, line);
  }

  public synchronized void forget(String key) {
    last.remove(key);
  }
}
