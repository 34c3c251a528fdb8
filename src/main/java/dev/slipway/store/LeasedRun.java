package dev.slipway.store;

import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that was taken.
 *
 * @param facts what happened in it so far; empty unless somebody worked on it before
 * @param lastState the newest status of the deployment, posted or not
 */
public record LeasedRun(
    Lease lease,
    StoredDeployment deployment,
    StoredRun run,
    List<Fact> facts,
    @Nullable GithubState lastState) {}
