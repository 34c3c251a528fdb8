package dev.slipway.github;

import dev.slipway.http.Call;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Repository;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokens with which a GitHub App calls GitHub for the repositories where it is installed. A
 * token is kept for its installation and renewed before it ends; for one installation one token is
 * asked for at a time. Safe for use by many threads.
 */
final class InstallationTokens {
  private static final Duration RENEWED_BEFORE = Duration.ofMinutes(5);
  private static final Duration USUAL_LIFE = Duration.ofHours(1);

  /** GitHub takes a JWT that is half a minute off. */
  private static final Duration SAME_TIME = Duration.ofSeconds(30);

  /** A token is opaque and may have any length, but has to fit into a header. */
  private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * What tokens are for.
   *
   * @param permissions to ask for, the most first: GitHub refuses a token with a permission that
   *     the App lacks
   * @param lacking what to do when it refuses the last of them
   */
  private record Purpose(List<Map<String, String>> permissions, String lacking) {}

  /** Reading commits is needed by what compares them, and an App need not be allowed to. */
  private static final List<Map<String, String>> DEPLOYMENTS =
      List.of(Map.of("contents", "read", "deployments", "write"), Map.of("deployments", "write"));

  private static final Purpose PULL_REQUESTS =
      new Purpose(
          List.of(Map.of("pull_requests", "read")),
          "The GitHub App may not read pull requests: give it the repository permission Pull"
              + " requests: read, and have that accepted where it is installed");

  private final AppCredential app;
  private final GithubConnection connection;
  private final GithubResponseClassifier classifier;
  private final InstantSource clock;
  private final Redactor redactor;
  private final Purpose purpose;
  private final Map<Long, Installation> installations = new ConcurrentHashMap<>();

  /** By the repository. */
  private final Map<String, Long> lookedUp = new ConcurrentHashMap<>();

  /** Repositories whose events named an installation that is over. */
  private final Set<String> moved = ConcurrentHashMap.newKeySet();

  /** How much GitHub's clock is ahead of ours; nothing when they nearly agree. */
  private volatile Duration ahead = Duration.ZERO;

  private InstallationTokens(
      AppCredential app,
      GithubConnection connection,
      InstantSource clock,
      Redactor redactor,
      Purpose purpose) {
    this.app = app;
    this.connection = connection;
    this.classifier =
        new GithubResponseClassifier(clock, CredentialKind.APP, connection.names(), redactor);
    this.clock = clock;
    this.redactor = redactor;
    this.purpose = purpose;
  }

  /**
   * Tokens that write deployments and, where the App may, read commits.
   *
   * @param redactor hides each token before it is used, and secrets in what GitHub says
   */
  static InstallationTokens forDeployments(
      AppCredential app, GithubConnection connection, InstantSource clock, Redactor redactor) {
    return new InstallationTokens(
        app,
        connection,
        clock,
        redactor,
        new Purpose(DEPLOYMENTS, CredentialKind.INSTALLATION.mayNotWrite(connection.names())));
  }

  /**
   * Tokens that read pull requests, for an App that may.
   *
   * @param redactor as above
   */
  static InstallationTokens forPullRequests(
      AppCredential app, GithubConnection connection, InstantSource clock, Redactor redactor) {
    return new InstallationTokens(app, connection, clock, redactor, PULL_REQUESTS);
  }

  /** A token and its end. */
  private record Kept(Secret token, Instant endsAt) {}

  /** An installation of the App; its lock is held while a token is asked for. */
  private static final class Installation {
    private final ReentrantLock minting = new ReentrantLock();
    private volatile @Nullable Kept kept;

    /** Its hourly limit is used up until then, by our clock. */
    private volatile Instant restsUntil = Instant.EPOCH;

    /** Which permissions to ask for: the most that GitHub has not refused. */
    private int asked;
  }

  /** The token for a repository, from GitHub if there is none that goes on. */
  InstallationToken get(Repository repository) throws InterruptedException {
    return get(repository, null);
  }

  /**
   * Another token for a repository, as GitHub has refused this one, which may have been revoked.
   */
  InstallationToken renew(Repository repository, InstallationToken.Usable refused)
      throws InterruptedException {
    return get(repository, refused.token());
  }

  private InstallationToken get(Repository repository, @Nullable Secret refused)
      throws InterruptedException {
    Found found = find(repository);
    if (!(found instanceof Found.Known(long id))) {
      return withheld(found);
    }
    Minted minted = token(id, refused);
    if (!(minted instanceof Minted.Gone gone)) {
      return result(id, minted);
    }
    if (app.installation() != null) {
      return refused(
          "%s. %s is no installation of this App: correct it, or remove it to have the installation looked up"
              .formatted(gone.reason(), connection.names().appInstallationId()),
          PostResult.Scope.EVERYTHING);
    }
    // An App that was installed again has another number there
    doubt(repository);
    Found again = find(repository);
    return again instanceof Found.Known(long other)
        ? result(other, token(other, refused))
        : withheld(again);
  }

  private InstallationToken result(long id, Minted minted) {
    return switch (minted) {
      case Minted.Good(Secret token) -> new InstallationToken.Usable(id, token);
      case Minted.Failed(PostResult problem) -> new InstallationToken.Withheld(problem);
      case Minted.Gone(String reason) ->
          refused(
              reason + ". " + CredentialKind.APP.mayNotSee(connection.names()),
              PostResult.Scope.REPOSITORY);
    };
  }

  private static InstallationToken withheld(Found found) {
    return found instanceof Found.Failed(PostResult problem)
        ? new InstallationToken.Withheld(problem)
        : new InstallationToken.Withheld(
            new PostResult.RetryLater(
                "GitHub names no installation of the App", Duration.ZERO, false, false));
  }

  private static InstallationToken refused(String reason, PostResult.Scope scope) {
    return new InstallationToken.Withheld(new PostResult.Refused(reason, scope));
  }

  /** The result of looking for the installation of a repository. */
  private sealed interface Found {
    record Known(long id) implements Found {}

    record Failed(PostResult problem) implements Found {}
  }

  /** The installation that was set, the one that the event named, or the one that GitHub names. */
  private Found find(Repository repository) throws InterruptedException {
    Long fixed = app.installation();
    if (fixed != null) {
      return new Found.Known(fixed);
    }
    String key = key(repository);
    Long known = lookedUp.get(key);
    if (known != null) {
      return new Found.Known(known);
    }
    return repository.installation() > 0 && !moved.contains(key)
        ? new Found.Known(repository.installation())
        : lookUp(repository, key);
  }

  private Found lookUp(Repository repository, String key) throws InterruptedException {
    Reply reply =
        sendAsApp(
            Call.get(connection.address("/repos/" + repository.fullName() + "/installation")));
    if (reply instanceof Reply.Answered answered
        && answered.status() == 200
        && answered.json().path("id").asLong(0) > 0) {
      long id = answered.json().path("id").asLong();
      lookedUp.put(key, id);
      return new Found.Known(id);
    }
    return new Found.Failed(notPosted(reply, CredentialKind.APP.mayNotSee(connection.names())));
  }

  /** The installation that is known for a repository may be over: GitHub is asked next time. */
  void doubt(Repository repository) {
    moved.add(key(repository));
    lookedUp.remove(key(repository));
  }

  private static String key(Repository repository) {
    return repository.fullName().toLowerCase(Locale.ROOT);
  }

  /** The result of asking for a token. */
  private sealed interface Minted {
    record Good(Secret token) implements Minted {}

    /** GitHub knows no such installation. */
    record Gone(String reason) implements Minted {}

    record Failed(PostResult problem) implements Minted {}
  }

  private Installation installation(long id) {
    return installations.computeIfAbsent(id, _ -> new Installation());
  }

  /**
   * Uses an installation no more for a while, as its hourly limit is used up.
   *
   * @return what that means for a call that was answered so
   */
  PostResult rest(long id, Duration wait) {
    Installation installation = installation(id);
    Instant until = clock.instant().plus(wait.compareTo(USUAL_LIFE) > 0 ? USUAL_LIFE : wait);
    installation.restsUntil = until;
    return resting(installation);
  }

  private static PostResult resting(Installation installation) {
    return new PostResult.Refused(
        "The hourly limit of this installation of the GitHub App is used up until "
            + installation.restsUntil.truncatedTo(ChronoUnit.SECONDS),
        PostResult.Scope.REPOSITORY);
  }

  private Minted token(long id, @Nullable Secret refused) throws InterruptedException {
    Installation installation = installation(id);
    if (installation.restsUntil.isAfter(clock.instant())) {
      return new Minted.Failed(resting(installation));
    }
    Optional<Secret> fresh = kept(installation, refused, RENEWED_BEFORE);
    if (fresh.isPresent()) {
      return new Minted.Good(fresh.get());
    }
    installation.minting.lockInterruptibly();
    try {
      Optional<Secret> others = kept(installation, refused, RENEWED_BEFORE);
      return others.isPresent()
          ? new Minted.Good(others.get())
          : renewed(id, installation, refused);
    } finally {
      installation.minting.unlock();
    }
  }

  /** One that ends soon is used while GitHub gives no other. */
  private Minted renewed(long id, Installation installation, @Nullable Secret refused)
      throws InterruptedException {
    Minted minted = mint(id, installation);
    return minted instanceof Minted.Failed
        ? kept(installation, refused, Duration.ZERO).<Minted>map(Minted.Good::new).orElse(minted)
        : minted;
  }

  /** The token that is kept, if it was not refused and goes on for longer than this. */
  private Optional<Secret> kept(
      Installation installation, @Nullable Secret refused, Duration rest) {
    return Optional.ofNullable(installation.kept)
        .filter(kept -> now().isBefore(kept.endsAt().minus(rest)))
        .map(Kept::token)
        .filter(token -> refused == null || !token.equals(refused));
  }

  private Minted mint(long id, Installation installation) throws InterruptedException {
    Reply reply = sendForToken(id, installation.asked);
    while (isInvalid(reply) && installation.asked < purpose.permissions().size() - 1) {
      installation.asked++;
      reply = sendForToken(id, installation.asked);
    }
    if (!(reply instanceof Reply.Answered answered)) {
      return new Minted.Failed(notPosted(reply, ""));
    }
    if (answered.status() == 201) {
      return keep(installation, answered.json());
    }
    PostResult problem = classifier.classify(reply);
    boolean isGone =
        problem instanceof PostResult.Missing
            || (answered.status() == 404
                && problem instanceof PostResult.Refused(_, PostResult.Scope scope)
                && scope == PostResult.Scope.REPOSITORY);
    return isGone
        ? new Minted.Gone(problem.reason())
        : new Minted.Failed(notPosted(reply, purpose.lacking()));
  }

  private static boolean isInvalid(Reply reply) {
    return reply instanceof Reply.Answered answered && answered.status() == 422;
  }

  private Reply sendForToken(long id, int asked) throws InterruptedException {
    URI address = connection.address("/app/installations/" + id + "/access_tokens");
    ObjectNode body = JsonCodec.object();
    purpose.permissions().get(asked).forEach(body.withObject("permissions")::put);
    return sendAsApp(Call.postJson(address, body.toString()));
  }

  private Minted keep(Installation installation, JsonNode json) {
    String text = json.path("token").asString("");
    if (!SENDABLE.matcher(text).matches()) {
      return new Minted.Failed(
          new PostResult.RetryLater(
              "GitHub's answer holds no token of the installation", Duration.ZERO, false, false));
    }
    Secret token = new Secret(text);
    redactor.hide(token);
    installation.kept =
        new Kept(
            token,
            time(json.path("expires_at").asString("")).orElseGet(() -> now().plus(USUAL_LIFE)));
    return new Minted.Good(token);
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Sends a call as the App itself. GitHub refuses a JWT whose times are off by its own clock, so
   * one that is refused is made once more by that clock, which the refusal tells.
   */
  Reply sendAsApp(Call call) throws InterruptedException {
    Duration before = ahead;
    Reply reply = connection.send(call, app.jwt(now()));
    if (reply instanceof Reply.Answered answered) {
      ahead = answered.date().map(this::ahead).orElse(before);
      if (answered.status() == 401 && ahead.minus(before).abs().compareTo(SAME_TIME) > 0) {
        return connection.send(call, app.jwt(now()));
      }
    }
    return reply;
  }

  private Duration ahead(Instant date) {
    Duration ahead = Duration.between(clock.instant(), date);
    return ahead.abs().compareTo(SAME_TIME) > 0 ? ahead : Duration.ZERO;
  }

  /** The time by GitHub's clock. */
  private Instant now() {
    return clock.instant().plus(ahead);
  }

  /** What an answer to a call that comes before a post means for the post. */
  private PostResult notPosted(Reply reply, String advice) {
    return switch (classifier.classify(reply)) {
      case PostResult.RetryLater(String reason, Duration after, boolean forAll, _) ->
          new PostResult.RetryLater(reason, after, forAll, false);
      case PostResult.Refused refused -> refused;
      case PostResult.Missing(String reason) ->
          new PostResult.Refused(reason + ". " + advice, PostResult.Scope.REPOSITORY);
      case PostResult.Invalid(String reason) ->
          new PostResult.Refused(reason + ". " + advice, PostResult.Scope.REPOSITORY);
      case PostResult.Accepted _ ->
          new PostResult.RetryLater("GitHub's answer makes no sense", Duration.ZERO, false, false);
    };
  }
}
