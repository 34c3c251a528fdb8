package dev.slipway.store;

import dev.slipway.model.Status;
import java.time.Instant;
import java.util.List;

/**
 * A status to be posted now.
 *
 * @param tries how often it was handed out before
 * @param doubt GitHub may have it already: an earlier post was not answered
 * @param known GitHub's ids of this deployment's statuses that are known to be ours
 */
public record ClaimedStatus(
    long id,
    StoredDeployment deployment,
    Status status,
    Instant createdAt,
    int tries,
    boolean doubt,
    List<Long> known) {}
