package dev.slipway.targets;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Deployment;
import dev.slipway.model.LiveCheckResult;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Looks at what is live: the answer at an address has to be a success and, where it is told which
 * commit runs, of the deployment's commit. The address comes from the configuration; a redirect is
 * followed on the same host only.
 */
public final class LiveCheck {
  private static final int REDIRECTS = 3;
  private static final int SHORTEST_COMMIT = 7;

  private final LiveCheckConfig config;
  private final ProviderCalls calls;
  private final ProviderMessages messages;

  public LiveCheck(LiveCheckConfig config, ProviderCalls calls) {
    this.config = config;
    this.calls = calls;
    this.messages = calls.messages("It", List.of());
  }

  /** Looks once. */
  public LiveCheckResult check(Deployment deployment) throws InterruptedException {
    Optional<URI> address = config.address(deployment);
    return address.isEmpty()
        ? notYet("its address has {sha}, and the deployment names no commit")
        : read(address.get(), deployment, 0);
  }

  private LiveCheckResult read(URI address, Deployment deployment, int redirects)
      throws InterruptedException {
    Call call = Call.get(address);
    Reply reply = calls.read(call);
    if (!(reply instanceof Reply.Answered answer)) {
      return notYet(call.described() + ": " + messages.of(reply));
    }
    if (isRedirect(answer)) {
      Optional<URI> next = redirect(address, answer);
      return next.isPresent() && redirects < REDIRECTS
          ? read(next.get(), deployment, redirects + 1)
          : notYet(seen(call, answer) + ", a redirect that is not followed");
    }
    return answer.isSuccess()
        ? compared(seen(call, answer), deployment, answer)
        : notYet(seen(call, answer));
  }

  private static String seen(Call call, Reply.Answered answer) {
    return call.described() + " answered " + answer.status();
  }

  private LiveCheckResult compared(String seen, Deployment deployment, Reply.Answered answer) {
    String wanted = deployment.sha();
    if (!config.namesCommit() || wanted == null) {
      return new LiveCheckResult.Passed(seen);
    }
    Optional<String> commit = commit(answer);
    if (commit.isEmpty()) {
      return notYet(seen + " without a commit in its " + config.commitPlace());
    }
    return isSame(wanted, commit.get())
        ? new LiveCheckResult.Passed(seen + " with commit " + deployment.shortSha())
        : notYet(
            "%s with %s instead of commit %s in its %s"
                .formatted(
                    seen, shortened(commit.get()), deployment.shortSha(), config.commitPlace()));
  }

  private Optional<String> commit(Reply.Answered answer) {
    if (config.commitHeader() != null) {
      return answer.header(config.commitHeader()).map(String::strip).filter(one -> !one.isEmpty());
    }
    JsonNode node = answer.json();
    for (String field : String.valueOf(config.commitJson()).split("\\.", -1)) {
      node = node.path(field);
    }
    return LenientJson.text(node).map(String::strip);
  }

  /** Many name a commit by its beginning only. */
  private static boolean isSame(String wanted, String named) {
    return named.length() >= SHORTEST_COMMIT
        && wanted.regionMatches(true, 0, named, 0, Math.max(named.length(), SHORTEST_COMMIT));
  }

  private String shortened(String commit) {
    String line = messages.clean(commit);
    return line.substring(0, Math.min(SHORTEST_COMMIT, line.length()));
  }

  private static boolean isRedirect(Reply.Answered answer) {
    return switch (answer.status()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  private static Optional<URI> redirect(URI from, Reply.Answered answer) {
    return answer
        .header("Location")
        .flatMap(
            location -> {
              try {
                return Optional.of(from.resolve(new URI(location)));
              } catch (URISyntaxException e) {
                return Optional.empty();
              }
            })
        .filter(
            to ->
                from.getScheme().equals(to.getScheme())
                    && from.getAuthority().equals(to.getAuthority()));
  }

  private LiveCheckResult notYet(String seen) {
    return new LiveCheckResult.NotYet(seen, config.every());
  }
}
