package dev.slipway.github;

import dev.slipway.secret.Secret;

/** The result of asking for the token of a GitHub App's installation. */
sealed interface InstallationToken {
  /** It may be used for every repository of the installation. */
  record Usable(long installation, Secret token) implements InstallationToken {}

  /** There is none, for this reason, so that nothing was posted. */
  record Withheld(PostResult problem) implements InstallationToken {}
}
