package dev.slipway.model;

/**
 * The maker of a deployment, as far as the event names it.
 *
 * @param workflowRun the event names a workflow run
 * @param app slug of the GitHub App that made it, or empty
 * @param login the creator's login, or empty
 * @param bot the creator is of type {@code Bot}
 */
public record Origin(boolean workflowRun, String app, String login, boolean bot) {}
