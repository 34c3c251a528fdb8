package dev.slipway.store;

import dev.slipway.model.Status;
import java.time.Instant;

/**
 * A notification that a sender has claimed, to send it now.
 *
 * @param id our own number
 * @param webhook the name of the outgoing webhook that gets it
 * @param eventId what the receiver tells repeats by: the same with each try
 * @param run the number of the run that the status is about
 * @param createdAt when the status was made
 * @param failures how many tries failed before
 * @param fence of this claim: whoever claims it later gets a higher one, and then writes of this
 *     claim change nothing
 */
public record ClaimedNotification(
    long id,
    String webhook,
    String eventId,
    StoredDeployment deployment,
    int run,
    Status status,
    Instant createdAt,
    int failures,
    int fence) {}
