package dev.slipway.targets.qovery;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log was lastLogged last of each deploy, so that it is not lastLogged again at every
 * look. Nothing depends on it: after a restart a line comes twice.
 */
final class LastLogged {
  private static final int MOST = 1000;

  private final Map<String, String> last =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /** Remembers the line; gives the one before, or null for the first. */
  synchronized @Nullable String replace(String key, String line) {
    return last.put(key, line);
  }

  synchronized void forget(String key) {
    last.remove(key);
  }
}
