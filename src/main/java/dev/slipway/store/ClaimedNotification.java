package dev.slipway.store;

import dev.slipway.model.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notification that a sender has claimed, to send it now.
 *
 * @param id our own number
 * @param webhook the name of the outgoing webhook that gets it
 * @param eventId what the receiver tells repeats by: the same with each try
 * @param run the number of the run that the status is about
 * @param route the name of that run's route
 * @param createdAt when the status was made
 * @param failures how many tries failed before
 * @param begunAt of a command: when it was about to start; null when it surely never was
 * @param command what it is followed under; null when that is not known
 * @param fence of this claim: whoever claims it later gets a higher one, and then writes of this
 *     claim change nothing
 */
public record ClaimedNotification(
    long id,
    String webhook,
    String eventId,
    StoredDeployment deployment,
    int run,
    String route,
    Status status,
    Instant createdAt,
    int failures,
    @Nullable Instant begunAt,
    @Nullable String command,
    int fence) {}
