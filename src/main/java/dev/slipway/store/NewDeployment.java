package dev.slipway.store;

import dev.slipway.model.GithubState;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction that has made a deployment need not ask about it.
 *
 * @param lastState the newest status of the deployment
 */
record NewDeployment(StoredDeployment deployment, @Nullable GithubState lastState) {}
