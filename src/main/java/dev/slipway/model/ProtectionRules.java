package dev.slipway.model;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stands between a deployment that a route takes and its start.
 *
 * @param whenLocked what becomes of a deployment that comes while it is held
 * @param freeze times in which none starts
 * @param freezeOverride logins of those whose deployments may say that they start all the same
 * @param gates what each has to satisfy
 */
public record ProtectionRules(
    WhenLocked whenLocked, List<FreezeWindow> freeze, Set<String> freezeOverride, Gates gates) {
  /** Locks are waited for, and that is all. */
  public static final ProtectionRules NONE =
      new ProtectionRules(WhenLocked.WAIT, List.of(), Set.of(), Gates.NONE);

  public ProtectionRules {
    freeze = List.copyOf(freeze);
    freezeOverride =
        freezeOverride.stream()
            .map(login -> login.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What becomes of a deployment that comes while its environment is locked or frozen. */
  public enum WhenLocked {
    /** It waits. */
    WAIT("wait"),
    /** It is turned away. */
    REJECT("reject");

    private final String code;

    WhenLocked(String code) {
      this.code = code;
    }

    /** The word in the settings. */
    public String code() {
      return code;
    }
  }

  /** Whether a deployment of this creator may override freeze windows by its payload. */
  public boolean mayOverrideFreeze(String login) {
    return freezeOverride.contains(login.toLowerCase(Locale.ROOT));
  }
}
