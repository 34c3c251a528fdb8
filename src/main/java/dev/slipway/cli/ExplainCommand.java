package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.explain.Explainer;
import dev.slipway.explain.Explanation;
import dev.slipway.explain.ExplanationJson;
import dev.slipway.explain.ExplanationText;
import dev.slipway.explain.Subject;
import dev.slipway.store.DeploymentHistory;
import dev.slipway.store.StoreException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a delivery was treated as it was, from the database of a server that may run. */
@Command(
    name = "explain",
    description = "Say why a delivery was treated as it was, and what its deployment waits for.")
final class ExplainCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "GUID|ID",
      description =
          "A delivery's X-GitHub-Delivery, Slipway's number of a deployment, or GitHub's as"
              + " github:123.")
  private String subject = "";

  @Option(names = "--json", description = "Print an object.")
  private boolean json;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "The GitHub host of github:123, where several have a deployment of that number.")
  private @Nullable String host;

  ExplainCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<Subject> asked =
        Subject.parse(
            subject, Optional.ofNullable(host).map(name -> name.toLowerCase(Locale.ROOT)));
    if (asked.isEmpty()) {
      context
          .err()
          .println(
              "explain takes the GUID of a delivery, a number of Slipway's such as 7, or one of"
                  + " GitHub's such as github:123");
      return CommandContext.WRONG_USAGE;
    }
    if (host != null && !(asked.get() instanceof Subject.GithubsDeployment)) {
      context
          .err()
          .println(
              "--host says whose number github:123 is, and \"" + subject + "\" is none of those");
      return CommandContext.WRONG_USAGE;
    }
    return context.withConfiguration(configuration -> explain(configuration, asked.get()));
  }

  private int explain(Configuration configuration, Subject asked) {
    Explanation explanation;
    try {
      explanation = explainer(configuration).explain(asked);
    } catch (StoreException e) {
      context.err().println(e.getMessage());
      return 1;
    }
    if (json) {
      context.out().println(ExplanationJson.of(explanation));
    } else {
      PrintStream to = explanation.isKnown() ? context.out() : context.err();
      ExplanationText.of(explanation).forEach(to::println);
    }
    return explanation.isKnown() ? 0 : 1;
  }

  private static Explainer explainer(Configuration configuration) {
    return new Explainer(
        DeploymentHistory.of(
            configuration.storage().databaseUrl(), configuration.storage().login()),
        configuration.routes().stream().map(RouteConfig::route).toList(),
        configuration.githubHosts().stream().map(GithubHostConfig::host).toList(),
        configuration.storage().periods().deliveries());
  }
}
