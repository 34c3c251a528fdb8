package dev.slipway.github;

/** What a call to GitHub is made with, as far as the advice on a refusal depends on it. */
public enum CredentialKind {
  /** A token that was set, with which everything is called. */
  TOKEN(
      "%1$s is wrong or has expired: set a new one",
      PostResult.Scope.EVERYTHING,
      "%1$s may not write deployments",
      "%1$s may not see the repository"),
  /** The token of an installation of the GitHub App, with which its repositories are called. */
  INSTALLATION(
      "GitHub does not take the token that it has just given for this installation of the GitHub"
          + " App: look whether the App is suspended there",
      PostResult.Scope.REPOSITORY,
      "The GitHub App may not write deployments: give it the repository permission Deployments:"
          + " read and write, and have that accepted where it is installed",
      "The GitHub App may not see the repository: add it to the installation"),
  /** The GitHub App itself, which gets the tokens of its installations. */
  APP(
      "%2$s or %3$s is wrong, or the App was deleted: look at the App's settings on GitHub",
      PostResult.Scope.EVERYTHING,
      "The installation of the GitHub App is suspended, or lacks a permission",
      "The GitHub App is not installed on the repository: install it there");

  private final String unauthorized;
  private final PostResult.Scope scope;
  private final String mayNotWrite;
  private final String mayNotSee;

  CredentialKind(
      String unauthorized, PostResult.Scope scope, String mayNotWrite, String mayNotSee) {
    this.unauthorized = unauthorized;
    this.scope = scope;
    this.mayNotWrite = mayNotWrite;
    this.mayNotSee = mayNotSee;
  }

  /** What a 401 means at the host whose settings are called so. */
  public String unauthorized(GithubSettingNames names) {
    return named(unauthorized, names);
  }

  /** The calls that a 401 is about. */
  PostResult.Scope scope() {
    return scope;
  }

  /** What it means when a repository can be seen, and deployments cannot be written. */
  public String mayNotWrite(GithubSettingNames names) {
    return named(mayNotWrite, names);
  }

  /** What it means when a repository cannot be seen. */
  public String mayNotSee(GithubSettingNames names) {
    return named(mayNotSee, names);
  }

  private static String named(String sentence, GithubSettingNames names) {
    return sentence.formatted(names.token(), names.appId(), names.appPrivateKey());
  }
}
