package dev.slipway.explain;

import dev.slipway.explain.Explanation.ExplainedDelivery;
import dev.slipway.explain.Explanation.ExplainedDeployment;
import dev.slipway.explain.Explanation.ExplainedRoute;
import dev.slipway.explain.Explanation.ExplainedRun;
import dev.slipway.explain.Explanation.ExplainedStatus;
import dev.slipway.explain.Explanation.ExplainedTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as lines for a terminal. What others wrote cannot change what the terminal does.
 */
public final class ExplanationText {
  private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cf}]+");
  private static final int SHORT_SHA = 7;

  private final List<String> lines = new ArrayList<>();

  private ExplanationText() {}

  /** The lines of the explanation. */
  public static List<String> of(Explanation explanation) {
    ExplanationText text = new ExplanationText();
    explanation.deliveries().forEach(text::delivery);
    ExplainedDeployment deployment = explanation.deployment();
    if (deployment != null) {
      text.deployment(deployment);
    }
    explanation.advice().forEach(advice -> text.line("→ " + advice));
    return List.copyOf(text.lines);
  }

  private void line(String line) {
    lines.add(UNSHOWN.matcher(line).replaceAll(" "));
  }

  private void delivery(ExplainedDelivery delivery) {
    line("Delivery %s: %s, by %s".formatted(delivery.guid(), delivery.event(), delivery.source()));
    line(
        "  received %s%s%s"
            .formatted(
                delivery.receivedAt(),
                delivery.secret().isEmpty()
                    ? ""
                    : ", signed with the secret \"" + delivery.secret() + "\"",
                delivery.hook().isEmpty() ? "" : ", from webhook " + delivery.hook()));
    line("  %s: %s".formatted(delivery.decision(), delivery.reason()));
  }

  private void deployment(ExplainedDeployment deployment) {
    String sha = deployment.sha();
    line(
        "Deployment %d%s: %s%s to %s, %s, task %s%s"
            .formatted(
                deployment.id(),
                deployment.githubId() == null ? "" : " (github:" + deployment.githubId() + ")",
                deployment.repository().isEmpty() ? "no repository" : deployment.repository(),
                isUsual(deployment) ? "" : " at " + deployment.host(),
                deployment.environment(),
                sha == null
                    ? deployment.ref()
                    : sha.substring(0, Math.min(SHORT_SHA, sha.length()))
                        + " of "
                        + deployment.ref(),
                deployment.task(),
                deployment.creator().isEmpty() ? "" : ", by " + deployment.creator()));
    line("  made %s, accepted %s".formatted(deployment.createdAt(), deployment.acceptedAt()));
    routes(deployment.routes());
    deployment.runs().forEach(this::run);
    deployment.statuses().forEach(this::status);
  }

  /** What stands at GitHub's own host, or nowhere, needs no host. */
  private static boolean isUsual(ExplainedDeployment deployment) {
    return deployment.repository().isEmpty() || deployment.host().equals("github.com");
  }

  /** The first route that takes it is the one; what stands behind it is not asked. */
  private void routes(List<ExplainedRoute> routes) {
    boolean isTaken = false;
    for (ExplainedRoute route : routes) {
      if (!route.objection().isEmpty()) {
        line("  now: " + route.objection());
      } else if (!isTaken) {
        line("  now: route \"%s\" takes it".formatted(route.name()));
        isTaken = true;
      }
    }
    if (!isTaken) {
      line("  now: no route takes it");
    }
  }

  private void run(ExplainedRun run) {
    line(
        "Run %d by route \"%s\": %s%s"
            .formatted(
                run.number(),
                run.route(),
                run.state(),
                run.reason().isEmpty() ? "" : ", " + run.reason()));
    line(
        "  queued %s%s%s in %s"
            .formatted(
                run.queuedAt(),
                since(", started ", run.startedAt()),
                since(", ended ", run.endedAt()),
                run.queueKey()));
    if (!run.waitsFor().isEmpty()) {
      line("  waits for " + run.waitsFor());
    }
    run.chain().forEach(this::target);
  }

  private static String since(String word, @Nullable Instant at) {
    return at == null ? "" : word + at;
  }

  private void target(ExplainedTarget target) {
    line(
        "  %s: %s%s"
            .formatted(
                target.name(),
                target.verdict().replace('_', ' '),
                target.detail().isEmpty() ? "" : ", " + target.detail()));
  }

  private void status(ExplainedStatus status) {
    line(
        "Status %s \"%s\" of run %d, %s: %s%s"
            .formatted(
                status.state(),
                status.description(),
                status.run(),
                status.createdAt(),
                words(status.github()),
                status.problem().isEmpty() ? "" : ", " + status.problem()));
  }

  private static String words(String github) {
    return switch (github) {
      case "posted" -> "GitHub has it";
      case "replaced" -> "not posted, a later one says more";
      case "given_up" -> "GitHub does not take it";
      case "waits" -> "waits for GitHub";
      default -> "GitHub does not know this deployment";
    };
  }
}
