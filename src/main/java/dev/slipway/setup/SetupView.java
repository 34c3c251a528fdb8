package dev.slipway.setup;

/**
 * What the page shows on which a GitHub App is made.
 *
 * @param self the page's own path
 * @param github GitHub's host, as people know it
 * @param organization the owner of the App; empty for the account of whoever makes it
 * @param problem what is wrong with what was entered; empty if nothing is
 * @param warning what has to be changed before GitHub can deliver; empty if nothing has
 * @param form where the manifest is posted
 * @param manifest the App that is wanted, as JSON text
 * @param webhook where the App delivers to
 */
public record SetupView(
    String self,
    String github,
    String organization,
    String problem,
    String warning,
    String form,
    String manifest,
    String webhook) {}
