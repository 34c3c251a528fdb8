package dev.slipway.github;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Registers a GitHub App from a manifest: a browser posts the manifest to GitHub, GitHub sends it
 * back with a code, and the code is exchanged for the App's id and key, once.
 */
public final class AppRegistration {
  /** What an account or organisation may be called. */
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,38}");

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,200}");

  /** What is shown as settings, and read by a shell: no more than PEM and such secrets have. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9+/=_. \\r\\n-]+");

  private static final Pattern SLUG = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /** GitHub takes names of 34 characters. */
  private static final int LONGEST_NAME = 34;

  private final GithubConfig config;
  private final GithubConnection connection;
  private final GithubResponseClassifier classifier;
  private final Secret webhookSecret;
  private final boolean readsPullRequests;
  private final InstantSource clock;
  private final Redactor redactor;

  /**
   * @param webhookSecret what the App shall sign its deliveries with
   * @param readsPullRequests whether the App shall tell of pull requests, and may read them
   * @param redactor hides each secret that GitHub makes, and secrets in what it says
   */
  public AppRegistration(
      GithubConfig config,
      Http http,
      Secret webhookSecret,
      boolean readsPullRequests,
      InstantSource clock,
      Redactor redactor) {
    this.config = config;
    this.connection = new GithubConnection(config, http);
    this.classifier =
        new GithubResponseClassifier(clock, CredentialKind.APP, config.names(), redactor);
    this.webhookSecret = webhookSecret;
    this.readsPullRequests = readsPullRequests;
    this.clock = clock;
    this.redactor = redactor;
  }

  /** The result of registering an App. */
  public sealed interface Registration {
    /**
     * GitHub has made it.
     *
     * @param id what the setting of the App's id has to be
     * @param name its name on GitHub
     * @param installAt GitHub's page where it is installed; empty if GitHub tells none
     * @param webhookSecret what GitHub signs its deliveries with, if that could not be set to ours
     */
    record Registered(
        String id,
        String name,
        Optional<URI> installAt,
        Secret privateKey,
        Optional<Secret> webhookSecret)
        implements Registration {}

    /** There is none that could be used, for this reason. */
    record Failed(String reason) implements Registration {}
  }

  /** Whether an organisation may be called so. */
  public static boolean isAccount(String name) {
    return ACCOUNT.matcher(name).matches();
  }

  /** The GitHub host at which the App is made. */
  public String host() {
    return config.host();
  }

  /** What the settings of that host are called. */
  public GithubSettingNames settings() {
    return config.names();
  }

  /** GitHub's host, as people know it. */
  public URI webUrl() {
    return config.webUrl();
  }

  /**
   * The address to which a browser posts the manifest.
   *
   * @param organization the owner; empty for the account of whoever posts it
   * @param state comes back with the code
   */
  public URI form(Optional<String> organization, String state) {
    String owner = organization.map(name -> "/organizations/" + name).orElse("");
    return URI.create(config.webUrl() + owner + "/settings/apps/new?state=" + state);
  }

  /**
   * The App that is wanted, as JSON text.
   *
   * @param publicBase the public address of this server
   * @param redirectUrl where GitHub sends the browser with the code
   */
  public String manifest(String publicBase, String redirectUrl) {
    String host = Optional.ofNullable(URI.create(publicBase).getHost()).orElse("");
    String name = "Slipway " + host;
    ObjectNode manifest =
        JsonCodec.object()
            .put("name", name.substring(0, Math.min(name.length(), LONGEST_NAME)).strip())
            .put("url", publicBase)
            .put("redirect_url", redirectUrl)
            .put("public", false);
    manifest
        .putObject("hook_attributes")
        .put("url", publicBase + "/webhooks/github")
        .put("active", true);
    ObjectNode permissions =
        manifest
            .putObject("default_permissions")
            .put("deployments", "write")
            .put("metadata", "read");
    ArrayNode events = manifest.putArray("default_events").add("deployment");
    if (readsPullRequests) {
      permissions.put("pull_requests", "read");
      events.add("pull_request");
    }
    return manifest.toString();
  }

  /** Exchanges the code, which works once and for an hour, and sets the App's webhook secret. */
  public Registration register(String code) throws InterruptedException {
    if (!CODE.matcher(code).matches()) {
      return new Registration.Failed("GitHub sent no code");
    }
    Reply reply =
        connection.send(Call.post(connection.address("/app-manifests/" + code + "/conversions")));
    if (!(reply instanceof Reply.Answered answered) || answered.status() != 201) {
      return new Registration.Failed(classifier.classify(reply).reason());
    }
    JsonNode json = answered.json();
    Stream.of("pem", "client_secret", "webhook_secret")
        .map(name -> json.path(name).asString(""))
        .filter(text -> !text.isEmpty())
        .forEach(text -> redactor.hide(new Secret(text)));
    String id =
        config.isCloud()
            ? json.path("client_id").asString("")
            : Long.toString(json.path("id").asLong(0));
    String pem = json.path("pem").asString("");
    if (!id.matches("[1-9]\\d*|Iv[\\w.]+")
        || !PLAIN.matcher(pem).matches()
        || !(AppPrivateKey.parse(new Secret(pem)) instanceof AppPrivateKey.Parsed.Good good)) {
      return new Registration.Failed("GitHub's answer holds no App with a private key");
    }
    return registered(new AppCredential(id, good.key(), null), new Secret(pem), json);
  }

  private Registration registered(AppCredential app, Secret key, JsonNode json)
      throws InterruptedException {
    String theirs = json.path("webhook_secret").asString("");
    return new Registration.Registered(
        app.issuer(),
        json.path("name").asString(""),
        installAt(json.path("slug").asString("")),
        key,
        setWebhookSecret(app) || !PLAIN.matcher(theirs).matches()
            ? Optional.empty()
            : Optional.of(new Secret(theirs)));
  }

  /** Deliveries are signed with what Slipway knows already, so that nothing else has to be set. */
  private boolean setWebhookSecret(AppCredential app) throws InterruptedException {
    ObjectNode hook =
        JsonCodec.object().put("content_type", "json").put("secret", webhookSecret.reveal());
    Call call =
        new Call(
            "PATCH",
            connection.address("/app/hook/config"),
            Map.of("Content-Type", "application/json"),
            hook.toString());
    return InstallationTokens.forDeployments(app, connection, clock, redactor).sendAsApp(call)
            instanceof Reply.Answered answered
        && answered.status() == 200;
  }

  /** Built from the App's short name: no address that GitHub sends is used. */
  private Optional<URI> installAt(String slug) {
    return SLUG.matcher(slug).matches()
        ? Optional.of(
            URI.create(
                config.webUrl()
                    + (config.isCloud() ? "/apps/" : "/github-apps/")
                    + slug
                    + "/installations/new"))
        : Optional.empty();
  }
}
