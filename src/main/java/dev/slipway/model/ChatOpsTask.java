package dev.slipway.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tasks of deployments that deploy nothing but tell Slipway what to do, so that a ChatOps bot
 * needs nothing but GitHub's API. The answer is the deployment's status.
 */
public enum ChatOpsTask {
  /** Locks the environment. */
  LOCK("deploy:lock"),
  /** Removes the lock of the environment. */
  UNLOCK("deploy:unlock"),
  /** Cancels a deployment that waits or runs. */
  CANCEL("deploy:cancel"),
  /** Runs a deployment again that did not succeed. */
  RETRY("deploy:retry"),
  /** Deploys the last good commit before the present one. */
  ROLLBACK("rollback", "deploy:rollback"),
  /** Deploys what is live in another environment. */
  PROMOTE("deploy:promote");

  private final String code;
  private final String alias;

  ChatOpsTask(String code) {
    this(code, code);
  }

  ChatOpsTask(String code, String alias) {
    this.code = code;
    this.alias = alias;
  }

  /** All that can be written as a task. */
  static List<String> names() {
    return Arrays.stream(values())
        .flatMap(one -> Stream.of(one.code, one.alias))
        .distinct()
        .toList();
  }

  /** The one with this name; empty when the task deploys. */
  public static Optional<ChatOpsTask> of(String task) {
    return Arrays.stream(values())
        .filter(one -> task.equals(one.code) || task.equals(one.alias))
        .findFirst();
  }
}
