package dev.slipway.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An act of somebody, for the audit. It is stored in the transaction of the act.
 *
 * @param deploymentId our number of the deployment that it is about; null when it is about none
 * @param repository {@code owner/name} that it is about; empty when it is about none
 * @param subject what it was done to, for people
 * @param reason what the actor said about it; may be empty
 */
public record AuditEntry(
    Instant at,
    Actor actor,
    Action action,
    @Nullable Long deploymentId,
    String repository,
    String subject,
    String reason) {

  /**
   * An act that is about to be done.
   *
   * @param reason what the actor says about it; may be empty
   */
  public record Act(Actor actor, Action action, String reason) {}

  /** The kinds of acts, each with its word in the database and in answers. */
  public enum Action {
    DEPLOY("deploy"),
    ROLLBACK("rollback"),
    PROMOTE("promote"),
    CANCEL("cancel"),
    RETRY("retry"),
    REVOKE_LINKS("revoke_links"),
    LOCK("lock"),
    UNLOCK("unlock"),
    OVERRIDE_FREEZE("override_freeze"),
    DESTROY("destroy"),
    REDELIVER("redeliver"),
    CREATE_SETUP_LINK("create_setup_link"),
    CREATE_TOKEN("create_token"),
    REVOKE_TOKEN("revoke_token");

    private final String code;

    Action(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /**
   * The same act, done to something of what it is about.
   *
   * @param part what comes before the name of the whole
   */
  public AuditEntry about(String part) {
    return new AuditEntry(at, actor, action, deploymentId, repository, part + subject, reason);
  }

  /** An act about a scope of locks. */
  public static AuditEntry of(
      Instant at, Actor actor, Action action, LockScope about, String reason) {
    return new AuditEntry(at, actor, action, null, about.repository(), about.description(), reason);
  }

  /** An act about a deployment. */
  public static AuditEntry of(Instant at, Act act, long deploymentId, Deployment about) {
    return of(at, act.actor(), act.action(), deploymentId, about, act.reason());
  }

  /** An act about a deployment. */
  public static AuditEntry of(
      Instant at, Actor actor, Action action, long deploymentId, Deployment about, String reason) {
    String name =
        QueueMember.name(about.githubId(), deploymentId)
            + (about.repository().isNamed() ? " of " + about.repository().fullName() : "")
            + " to "
            + about.environment().name();
    return new AuditEntry(
        at, actor, action, deploymentId, about.repository().fullName(), name, reason);
  }
}
