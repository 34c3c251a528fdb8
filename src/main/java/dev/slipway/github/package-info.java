/** GitHub's REST API, as far as deployments need it. Queues nothing and orders nothing. */
@NullMarked
package dev.slipway.github;

import org.jspecify.annotations.NullMarked;
