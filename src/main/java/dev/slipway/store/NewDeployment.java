package dev.slipway.store;

import dev.slipway.model.GithubState;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that this transaction has added, so that it need not be read.
 *
 * @param lastState the newest status of the deployment
 */
record NewDeployment(StoredDeployment deployment, @Nullable GithubState lastState) {}
