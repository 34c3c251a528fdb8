package dev.slipway.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why something was treated as it was. Holds what is kept, in words for an operator, and no
 * secrets.
 *
 * @param deliveries with their decisions, the first comes first
 * @param deployment what they told of; null when nothing of it is kept
 * @param advice what to do or to look at
 */
public record Explanation(
    List<ExplainedDelivery> deliveries,
    @Nullable ExplainedDeployment deployment,
    List<String> advice) {
  public Explanation {
    deliveries = List.copyOf(deliveries);
    advice = List.copyOf(advice);
  }

  /** Whether anything is kept about what was asked for. */
  public boolean isKnown() {
    return deployment != null || !deliveries.isEmpty();
  }

  /**
   * A delivery.
   *
   * @param source how it came: {@code webhook}, {@code api}, {@code reconcile}, {@code
   *     failed_delivery}
   * @param secret the name of the secret that signed it; empty where none did
   * @param hook GitHub's number of the webhook; empty where none is known
   * @param decision the code of what was decided, such as {@code no_route}
   */
  public record ExplainedDelivery(
      String guid,
      String event,
      String source,
      Instant receivedAt,
      String secret,
      String hook,
      String decision,
      String reason) {}

  /**
   * A deployment.
   *
   * @param id our number
   * @param githubId GitHub's number, or null when GitHub does not know it
   * @param host the GitHub host
   * @param sha null when nobody said which commit
   */
  public record ExplainedDeployment(
      long id,
      @Nullable Long githubId,
      String host,
      String repository,
      String environment,
      String task,
      String ref,
      @Nullable String sha,
      String creator,
      Instant createdAt,
      Instant acceptedAt,
      List<ExplainedRoute> routes,
      List<ExplainedRun> runs,
      List<ExplainedStatus> statuses) {
    public ExplainedDeployment {
      routes = List.copyOf(routes);
      runs = List.copyOf(runs);
      statuses = List.copyOf(statuses);
    }
  }

  /**
   * A route of the present configuration.
   *
   * @param objection why it does not take the deployment; empty when it does
   */
  public record ExplainedRoute(String name, String objection) {}

  /**
   * A run.
   *
   * @param route as it was when the run joined its queue
   * @param state {@code queued}, {@code running}, or how it ended: {@code succeeded} …
   * @param reason why it ended so; empty while it has no end
   * @param waitsFor what comes before it in its queue; empty when it does not wait
   */
  public record ExplainedRun(
      int number,
      String route,
      String queueKey,
      String state,
      Instant queuedAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      String reason,
      String waitsFor,
      List<ExplainedTarget> chain) {
    public ExplainedRun {
      chain = List.copyOf(chain);
    }
  }

  /**
   * A target of the chain.
   *
   * @param verdict {@code accepted}, {@code refused}, {@code skipped}, {@code unknown}, {@code
   *     starting}, {@code busy} or {@code not_tried}
   * @param detail why, and what is known since
   */
  public record ExplainedTarget(String name, String verdict, String detail) {}

  /**
   * A status.
   *
   * @param github {@code posted}, {@code waits}, {@code replaced}, {@code given_up}, or {@code
   *     none} for a deployment that GitHub does not know
   * @param problem why GitHub has not got it; empty when there is no problem
   */
  public record ExplainedStatus(
      int run,
      String state,
      String description,
      Instant createdAt,
      String github,
      String problem) {}
}
