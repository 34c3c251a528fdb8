package dev.slipway.model;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment must satisfy to run on the route that takes it. One that does not is refused,
 * so that whoever made it sees why; what a route does not match is not its deployment at all.
 */
public final class Gates {
  /** Refuse nothing. */
  public static final Gates NONE = new Gates(List.of(), List.of(), null);

  private final RouteMatch match;
  private final @Nullable String after;

  /**
   * @param refs patterns of branches, tags or commits; none: any
   * @param creators patterns of logins; none: anybody
   * @param after the environment in which the same commit must be live, or null
   */
  public Gates(List<String> refs, List<String> creators, @Nullable String after) {
    this.match =
        new RouteMatch(Map.of(RouteMatch.Part.REFS, refs, RouteMatch.Part.CREATORS, creators));
    this.after = after;
  }

  /** The patterns of what is let in. */
  public List<String> patterns(RouteMatch.Part part) {
    return match.patterns(part);
  }

  /** The environment in which the commit of a deployment must be live before. */
  public Optional<String> after() {
    return Optional.ofNullable(after);
  }

  /** What keeps a deployment out by its content alone; empty when nothing does. */
  public Optional<String> objection(Deployment deployment) {
    return match
        .mismatch(deployment)
        .map(
            mismatch ->
                switch (mismatch.part()) {
                  case REFS ->
                      "gates.refs lets %s in, not \"%s\": deploy one of these"
                          .formatted(String.join(", ", mismatch.taken()), mismatch.value());
                  default ->
                      "gates.creators lets %s in, not \"%s\": one of them may deploy it"
                          .formatted(String.join(", ", mismatch.taken()), mismatch.value());
                });
  }

  /**
   * What keeps a deployment out because of the commit that is live in the environment before.
   *
   * @param live the whole commit; empty when none is known
   */
  public Optional<String> objection(Deployment deployment, Optional<String> live) {
    if (after == null || isSame(deployment.sha(), live)) {
      return Optional.empty();
    }
    return Optional.of(
        "gates.after wants %s live in %s, where %s is: deploy it there first"
            .formatted(
                deployment.shortSha(),
                after,
                live.map(commit -> commit.substring(0, Math.min(7, commit.length())))
                    .orElse("nothing")));
  }

  private static boolean isSame(@Nullable String sha, Optional<String> live) {
    return sha != null
        && live.map(commit -> commit.toLowerCase(Locale.ROOT))
            .filter(sha.toLowerCase(Locale.ROOT)::equals)
            .isPresent();
  }
}
