package dev.slipway.control;

import dev.slipway.model.ChatOpsTask;
import dev.slipway.model.Deployment;
import dev.slipway.model.QueueMember;
import dev.slipway.store.ChatOpsAct;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.DeploymentQueries.DeploymentDetails;
import dev.slipway.store.DeploymentQueries.DeploymentFilter;
import dev.slipway.store.DeploymentQueries.DeploymentSummary;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the deployment that a ChatOps task is about: one of the same repository and environment,
 * for whose environment it was decided who may, and never a task of ChatOps, itself included.
 */
final class ChatOpsSubject {
  private static final Set<String> UNDER_WAY = Set.of("queued", "running");

  private final DeploymentQueries deployments;

  ChatOpsSubject(DeploymentQueries deployments) {
    this.deployments = deployments;
  }

  /** What was found. */
  sealed interface Search {
    /** Our number of the deployment. */
    record Found(long id) implements Search {}

    /** There is none, and why. */
    record None(String reason) implements Search {}
  }

  /** The one with GitHub's number. */
  Search named(Deployment task, long githubId) {
    OptionalLong id = deployments.numberOf(task.repository().host(), githubId);
    Optional<Deployment> found =
        id.isEmpty()
            ? Optional.empty()
            : deployments
                .find(id.getAsLong())
                .map(details -> details.deployment().deployment())
                .filter(one -> isOfRepository(task, one.repository().fullName()));
    if (found.isEmpty()) {
      return new Search.None(
          "There is no deployment %d of %s here".formatted(githubId, task.repository().fullName()));
    }
    Deployment one = found.get();
    if (!one.environment().name().equalsIgnoreCase(task.environment().name())) {
      return new Search.None(
          "Deployment %d is of %s: give the task to that environment"
              .formatted(githubId, one.environment().name()));
    }
    return isTask(one.task())
        ? new Search.None("Deployment %d deploys nothing, it is a task itself".formatted(githubId))
        : new Search.Found(id.getAsLong());
  }

  /** The newest that waits or runs. */
  Search underWay(Deployment task) {
    return newest(task, one -> UNDER_WAY.contains(one.state()))
        .<Search>map(Search.Found::new)
        .orElseGet(() -> new Search.None("Nothing waits or runs in " + task.environment().name()));
  }

  /** The newest that has ended. */
  Search ended(Deployment task) {
    return newest(task, one -> !UNDER_WAY.contains(one.state()))
        .<Search>map(Search.Found::new)
        .orElseGet(() -> new Search.None("Nothing has ended in " + task.environment().name()));
  }

  private Optional<Long> newest(Deployment task, Predicate<DeploymentSummary> state) {
    return deployments
        .list(
            new DeploymentFilter(task.repository().fullName(), task.environment().name(), null),
            Long.MAX_VALUE,
            1,
            state
                .and(one -> one.host().equals(task.repository().host()))
                .and(one -> !isTask(one.task())))
        .rows()
        .stream()
        .findFirst()
        .map(DeploymentSummary::id);
  }

  /** What the task did before, when it is done again after a crash. */
  OptionalLong doneBy(ChatOpsAct act) {
    return deployments.doneBy(act);
  }

  /** How people know a deployment: by GitHub's number, where it has one. */
  String name(long id) {
    return deployments
        .find(id)
        .map(DeploymentDetails::deployment)
        .map(one -> QueueMember.name(one.deployment().githubId(), id))
        .orElse("a deployment");
  }

  /** The same at the beginning of a sentence. */
  String capitalName(long id) {
    String name = name(id);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static boolean isOfRepository(Deployment task, String fullName) {
    return task.repository().fullName().equalsIgnoreCase(fullName);
  }

  private static boolean isTask(String task) {
    return ChatOpsTask.of(task).isPresent();
  }
}
