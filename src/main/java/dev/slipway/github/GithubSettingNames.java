package dev.slipway.github;

import java.util.Locale;

/**
 * What the settings of a GitHub host are called, for texts that tell what to change.
 *
 * @param entry where the host stands in the file; empty for the first one, which is set by
 *     variables
 */
public record GithubSettingNames(String entry) {
  /** The names of the first host. */
  public static final GithubSettingNames VARIABLES = new GithubSettingNames("");

  /** The token. */
  public String token() {
    return name("token");
  }

  /** The id of the GitHub App. */
  public String appId() {
    return name("app-id");
  }

  /** The key of the GitHub App. */
  public String appPrivateKey() {
    return name("app-private-key");
  }

  /** The one installation to use. */
  public String appInstallationId() {
    return name("app-installation-id");
  }

  /** Where the API is. */
  public String apiUrl() {
    return name("api-url");
  }

  /** The version of the API. */
  public String apiVersion() {
    return name("api-version");
  }

  /** What deliveries are signed with. */
  public String webhookSecret() {
    return name("webhook-secret");
  }

  /** What deliveries were signed with before. */
  public String webhookSecretPrevious() {
    return name("webhook-secret-previous");
  }

  /** The certificates to trust. */
  public String caFile() {
    return name("ca-file");
  }

  /** The proxy. */
  public String httpsProxy() {
    return name("https-proxy");
  }

  /** The warning that the host has no credential. */
  public String noCredential() {
    return "%s is not set, nor is a GitHub App (%s): statuses will wait until one of them is"
        .formatted(token(), appId());
  }

  /** Whether the host is set by variables. */
  public boolean areVariables() {
    return entry.isEmpty();
  }

  private String name(String key) {
    if (!areVariables()) {
      return entry + "." + key;
    }
    String variable = key.toUpperCase(Locale.ROOT).replace('-', '_');
    return switch (key) {
      case "https-proxy" -> variable;
      case "ca-file" -> "SLIPWAY_" + variable;
      default -> "GITHUB_" + variable;
    };
  }
}
