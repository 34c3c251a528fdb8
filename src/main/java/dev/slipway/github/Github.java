package dev.slipway.github;

import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Deployment;
import dev.slipway.model.Repository;
import dev.slipway.model.Status;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub's REST API, as far as deployments need it. What is called about a repository is called
 * with the credential for it: the token that was set, or that of the GitHub App's installation.
 */
public final class Github {
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private final GithubConfig config;
  private final GithubConnection connection;
  private final Optional<InstallationTokens> tokens;
  private final Optional<InstallationTokens> pullRequestTokens;
  private final GithubResponseClassifier classifier;
  private final AtomicReference<Optional<GithubRateLimit>> rateLimit =
      new AtomicReference<>(Optional.empty());

  public Github(GithubConfig config, Http http, InstantSource clock) {
    this(config, http, clock, new Redactor(List.of()));
  }

  /**
   * @param redactor hides secrets in what GitHub says, and each token that GitHub gives to the App
   */
  public Github(GithubConfig config, Http http, InstantSource clock, Redactor redactor) {
    this.config = config;
    this.connection = new GithubConnection(config, http);
    this.tokens =
        Optional.ofNullable(config.app())
            .map(app -> InstallationTokens.forDeployments(app, connection, clock, redactor));
    this.pullRequestTokens =
        Optional.ofNullable(config.app())
            .map(app -> InstallationTokens.forPullRequests(app, connection, clock, redactor));
    this.classifier = new GithubResponseClassifier(clock, credential(), config.names(), redactor);
  }

  /** Whether there is a credential at all. */
  public boolean hasCredential() {
    return config.hasCredential();
  }

  /** What repositories are called with. */
  public CredentialKind credential() {
    return config.app() == null ? CredentialKind.TOKEN : CredentialKind.INSTALLATION;
  }

  /** What its settings are called. */
  public GithubSettingNames settings() {
    return config.names();
  }

  /** The host that people see. */
  public String host() {
    return config.host();
  }

  /**
   * Posts a status once, with the addresses that it has.
   *
   * @param autoInactive whether GitHub makes earlier deployments of the environment inactive with a
   *     success
   * @param logUrl where GitHub's "View deployment" leads; without it GitHub shows no such link
   */
  public PostResult post(
      Repository repository,
      long githubId,
      Status status,
      boolean autoInactive,
      Optional<String> logUrl)
      throws InterruptedException {
    ObjectNode body = plain(status, autoInactive);
    logUrl.ifPresent(address -> body.put("log_url", address));
    URI environmentUrl = status.environmentUrl();
    if (environmentUrl != null) {
      body.put("environment_url", environmentUrl.toString());
    }
    return post(repository, githubId, body);
  }

  /** Posts a status once, without any address: GitHub may find those invalid. */
  public PostResult postPlain(
      Repository repository, long githubId, Status status, boolean autoInactive)
      throws InterruptedException {
    return post(repository, githubId, plain(status, autoInactive));
  }

  private static ObjectNode plain(Status status, boolean autoInactive) {
    return JsonCodec.object()
        .put("state", status.state().code())
        .put("description", status.description())
        .put("auto_inactive", autoInactive);
  }

  private PostResult post(Repository repository, long githubId, ObjectNode body)
      throws InterruptedException {
    URI address = api(repository, "deployments/" + githubId + "/statuses");
    return classify(send(repository, Call.postJson(address, body.toString())));
  }

  private PostResult classify(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replied(Reply reply) -> classifier.classify(reply);
      case Outcome.Withheld(PostResult problem) -> problem;
    };
  }

  /**
   * Looks up a status whose post was not answered.
   *
   * @param known ids of GitHub's that belong to other statuses of ours
   * @return its id, nothing when it is not there, or {@code Later} and the like when GitHub could
   *     not be asked
   */
  public StatusLookup findStatus(
      Repository repository, long githubId, Status status, List<Long> known)
      throws InterruptedException {
    URI address = api(repository, "deployments/" + githubId + "/statuses?per_page=100");
    Outcome outcome = send(repository, Call.get(address));
    Optional<Reply.Answered> answered = outcome.answer(200);
    if (answered.isEmpty()) {
      return new StatusLookup.Unavailable(classify(outcome));
    }
    JsonNode posts = answered.get().json();
    if (!posts.isArray()) {
      return new StatusLookup.Unavailable(
          new PostResult.RetryLater(
              "GitHub's answer is no list of statuses", Duration.ZERO, false, true));
    }
    return StreamSupport.stream(posts.spliterator(), false)
        .filter(posted -> posted.path("state").asString("").equals(status.state().code()))
        .filter(posted -> posted.path("description").asString("").equals(status.description()))
        .map(posted -> posted.path("id").asLong(0))
        .filter(id -> id > 0 && !known.contains(id))
        .findFirst()
        .<StatusLookup>map(StatusLookup.Found::new)
        .orElseGet(StatusLookup.Absent::new);
  }

  /** The result of {@link #findStatus}. */
  public sealed interface StatusLookup {
    /** GitHub has it. */
    record Found(long id) implements StatusLookup {}

    /** GitHub does not have it. */
    record Absent() implements StatusLookup {}

    /** GitHub could not be asked, for this reason. */
    record Unavailable(PostResult reason) implements StatusLookup {}
  }

  /**
   * Creates a deployment.
   *
   * @param wanted its commit, or else its {@code ref}, and everything else; GitHub assigns its id
   * @param requiredContexts the checks that have to be green, {@code null} in the body for all
   */
  public CreateResult create(Deployment wanted, Optional<List<String>> requiredContexts)
      throws InterruptedException {
    ObjectNode body =
        JsonCodec.object()
            .put("ref", wanted.sha() == null ? wanted.ref() : wanted.sha())
            .put("task", wanted.task())
            .put("auto_merge", false)
            .put("environment", wanted.environment().name())
            .put("description", wanted.description())
            .put("transient_environment", wanted.environment().isTransient())
            .put("production_environment", wanted.environment().production());
    body.set("payload", payload(wanted.payload()));
    requiredContexts.ifPresent(
        contexts -> contexts.forEach(body.withArray("required_contexts")::add));
    requiredContexts.ifPresent(_ -> body.withArray("required_contexts"));
    Call call = Call.postJson(api(wanted.repository(), "deployments"), body.toString());
    return switch (send(wanted.repository(), call)) {
      case Outcome.Replied(Reply reply) -> created(wanted, reply);
      case Outcome.Withheld(PostResult problem) -> new CreateResult.Failed(problem.reason());
    };
  }

  /** GitHub takes an object or a text, and hands either on as it is. */
  private static JsonNode payload(String json) {
    JsonNode payload = JsonCodec.read(json);
    if (payload.isNull()) {
      return JsonCodec.object();
    }
    return payload.isObject() || payload.isString() ? payload : JsonCodec.object().stringNode(json);
  }

  private CreateResult created(Deployment wanted, Reply reply) {
    return switch (reply) {
      case Reply.Answered answered when answered.status() == 201 ->
          created(wanted, answered.json());
      case Reply.Answered answered when answered.status() == 202 ->
          new CreateResult.Declined(
              202,
              "GitHub merged instead of creating a deployment: " + classifier.message(answered));
      case Reply.Answered answered when answered.status() < 500 ->
          new CreateResult.Declined(answered.status(), classifier.message(answered));
      case Reply.Answered answered ->
          new CreateResult.Failed("GitHub answered " + answered.status());
      case Reply.NotSent(String reason, _) -> new CreateResult.Failed(reason);
      case Reply.Unanswered(String reason) -> new CreateResult.Failed(reason);
    };
  }

  private CreateResult created(Deployment wanted, JsonNode json) {
    long id = json.path("id").asLong(0);
    String sha = json.path("sha").asString("");
    if (id <= 0 || !SHA.matcher(sha).matches()) {
      return new CreateResult.Failed("GitHub's answer lacks id or sha");
    }
    return new CreateResult.Created(
        new Deployment(
            wanted.repository(),
            id,
            sha,
            wanted.ref(),
            wanted.environment(),
            wanted.task(),
            wanted.payload(),
            wanted.description(),
            wanted.creator(),
            wanted.createdAt()));
  }

  /**
   * Deletes a deployment once. GitHub refuses that with a 422 while the deployment is active, which
   * it also is for a moment after its last status.
   */
  public DeleteResult delete(Repository repository, long githubId) throws InterruptedException {
    return switch (inspect(
        send(repository, Call.delete(api(repository, "deployments/" + githubId))))) {
      case Reply.Answered answered when answered.status() == 204 || answered.status() == 404 ->
          new DeleteResult.Gone();
      case Reply.Answered answered ->
          new DeleteResult.NotNow(
              "GitHub answered " + answered.status() + ": " + classifier.message(answered));
      case Reply.NotSent(String reason, _) -> new DeleteResult.NotNow(reason);
      case Reply.Unanswered(String reason) -> new DeleteResult.NotNow(reason);
    };
  }

  /** GitHub's id of a repository; empty where it cannot be read. */
  public Optional<Long> repositoryId(Repository repository) throws InterruptedException {
    Outcome outcome = send(repository, Call.get(api(repository, "")));
    if (outcome.answer(404).isPresent()) {
      // It may belong to another owner now, with another installation
      tokens.ifPresent(installations -> installations.doubt(repository));
    }
    return outcome
        .answer(200)
        .map(answered -> answered.json().path("id").asLong(0))
        .filter(id -> id > 0);
  }

  /** The commit of a branch, tag or short commit; empty where it cannot be read. */
  public Optional<String> resolveCommit(Repository repository, String ref)
      throws InterruptedException {
    URI address = api(repository, "commits/" + BaseUrl.encoded(ref));
    return send(repository, Call.get(address))
        .answer(200)
        .map(answered -> answered.json().path("sha").asString(""))
        .filter(SHA.asMatchPredicate());
  }

  /**
   * Compares a commit with another one: {@code ahead}, {@code behind} (an ancestor of it), {@code
   * identical} or {@code diverged}; empty where it cannot be read.
   */
  public Optional<String> compare(Repository repository, String commit, String to)
      throws InterruptedException {
    URI address = api(repository, "compare/" + to + "..." + commit + "?per_page=1");
    return send(repository, Call.get(address))
        .answer(200)
        .map(answered -> answered.json().path("status").asString(""))
        .filter(word -> !word.isEmpty());
  }

  /**
   * Reads something of a repository.
   *
   * @param path below the repository, with its query
   * @param etag of an earlier page, so that an unchanged one is free of charge
   */
  public ReadResult read(Repository repository, String path, Optional<String> etag)
      throws InterruptedException {
    Call call = Call.get(api(repository, path));
    return readResult(
        send(repository, etag.map(tag -> call.with("If-None-Match", tag)).orElse(call)));
  }

  /**
   * Reads something about pull requests of a repository. The token of a GitHub App is another one
   * than that for deployments, which an App may have without this permission.
   *
   * @param path below the repository, with its query
   */
  ReadResult readPullRequests(Repository repository, String path) throws InterruptedException {
    Call call = Call.get(api(repository, path));
    return readResult(send(pullRequestTokens, repository, call));
  }

  /** Reads the page after another one of the same repository. */
  public ReadResult read(Repository repository, URI next) throws InterruptedException {
    return readResult(send(repository, Call.get(next)));
  }

  /** Whether a GitHub App is the credential. */
  public boolean isApp() {
    return tokens.isPresent();
  }

  /**
   * Reads something of the GitHub App itself, which takes no installation.
   *
   * @param path below the base, with its query
   * @param etag of an earlier page
   */
  public ReadResult readAsApp(String path, Optional<String> etag) throws InterruptedException {
    Call call = Call.get(connection.address(path));
    return readAsApp(etag.map(tag -> call.with("If-None-Match", tag)).orElse(call));
  }

  /** Reads the page after another one of the App's. */
  public ReadResult readAsApp(URI next) throws InterruptedException {
    return readAsApp(Call.get(next));
  }

  private ReadResult readAsApp(Call call) throws InterruptedException {
    return tokens.isPresent()
        ? readResult(tokens.get().sendAsApp(call))
        : new ReadResult.RetryLater("no GitHub App is set", false);
  }

  private ReadResult readResult(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replied(Reply reply) -> readResult(reply);
      case Outcome.Withheld(PostResult.Refused(String reason, PostResult.Scope scope)) ->
          new ReadResult.RetryLater(reason, scope == PostResult.Scope.EVERYTHING);
      case Outcome.Withheld(PostResult problem) ->
          new ReadResult.RetryLater(problem.reason(), true);
    };
  }

  private ReadResult readResult(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String reason, _) -> new ReadResult.RetryLater(reason, true);
      case Reply.Unanswered unanswered when unanswered.isTooLarge() -> new ReadResult.TooLarge();
      case Reply.Unanswered(String reason) -> new ReadResult.RetryLater(reason, false);
      case Reply.Answered answered -> readResult(answered);
    };
  }

  private ReadResult readResult(Reply.Answered answered) {
    return switch (answered.status()) {
      case 304 -> new ReadResult.Unchanged();
      case 200 ->
          new ReadResult.Page(
              answered.json(),
              answered.header("ETag"),
              answered.header("Link").flatMap(link -> LinkHeader.next(link, config.apiUrl())));
      case 404, 410, 451 -> new ReadResult.Hidden(answered.status());
      case 403 ->
          classifier.classify(answered) instanceof PostResult.Refused
              ? new ReadResult.Hidden(403)
              : new ReadResult.RetryLater(
                  "GitHub answered 403: " + classifier.message(answered), true);
      default ->
          new ReadResult.RetryLater(
              "GitHub answered " + answered.status() + ": " + classifier.message(answered),
              isForAll(answered.status()));
    };
  }

  private boolean isForAll(int status) {
    return switch (status) {
      case 401 -> credential().scope() == PostResult.Scope.EVERYTHING;
      case 407, 429 -> true;
      default -> false;
    };
  }

  /**
   * Reads something of a repository for one who looks at the whole answer, headers included.
   *
   * @param path below the repository, with its query; empty for the repository itself
   */
  public Reply inspect(Repository repository, String path) throws InterruptedException {
    return inspect(send(repository, Call.get(api(repository, path))));
  }

  private static Reply inspect(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Replied(Reply reply) -> reply;
      case Outcome.Withheld(PostResult problem) -> new Reply.NotSent(problem.reason(), false);
    };
  }

  /**
   * Reads something that belongs to no repository, such as {@code meta}, for one who looks at the
   * whole answer. Asks with the token, as the GitHub App, or without a credential where there is
   * none.
   */
  public Reply inspect(String path) throws InterruptedException {
    Call call = Call.get(connection.address("/" + path));
    if (tokens.isPresent()) {
      return tokens.get().sendAsApp(call);
    }
    Secret token = config.token();
    return token == null ? connection.send(call) : connection.send(call, token);
  }

  /** The hourly limit, as GitHub's last answer said; empty before one did. */
  public Optional<GithubRateLimit> rateLimit() {
    return rateLimit.get();
  }

  private URI api(Repository repository, String path) {
    return connection.address(
        "/repos/" + repository.fullName() + (path.isEmpty() ? "" : "/" + path));
  }

  /** What came of a call. */
  private sealed interface Outcome {
    /** It was made, or could not be. */
    record Replied(Reply reply) implements Outcome {}

    /** It was not made, for there is no credential for the repository. */
    record Withheld(PostResult problem) implements Outcome {}

    /** The answer with this status, if that is what came. */
    default Optional<Reply.Answered> answer(int status) {
      return this instanceof Replied(Reply.Answered answered) && answered.status() == status
          ? Optional.of(answered)
          : Optional.empty();
    }
  }

  /** Makes a call about a repository with the credential for it. */
  private Outcome send(Repository repository, Call call) throws InterruptedException {
    return send(tokens, repository, call);
  }

  private Outcome send(Optional<InstallationTokens> installations, Repository repository, Call call)
      throws InterruptedException {
    Secret token = config.token();
    if (token != null) {
      return replied(connection.send(call, token));
    }
    return installations.isPresent()
        ? send(installations.get(), repository, call)
        : new Outcome.Replied(new Reply.NotSent(config.names().token() + " is not set", false));
  }

  /** A token that GitHub refuses, because somebody has revoked it, is renewed once. */
  private Outcome send(InstallationTokens installations, Repository repository, Call call)
      throws InterruptedException {
    switch (installations.get(repository)) {
      case InstallationToken.Withheld(PostResult problem) -> {
        return new Outcome.Withheld(problem);
      }
      case InstallationToken.Usable first -> {
        Reply reply = connection.send(call, first.token());
        if (mayNotWrite(call, reply)) {
          // What everybody may read another installation sees, too: it may have another owner now
          installations.doubt(repository);
        }
        if (!(reply instanceof Reply.Answered answered) || answered.status() != 401) {
          return replied(installations, first, reply);
        }
        return switch (installations.renew(repository, first)) {
          case InstallationToken.Withheld(PostResult problem) -> new Outcome.Withheld(problem);
          case InstallationToken.Usable second ->
              replied(installations, second, connection.send(call, second.token()));
        };
      }
    }
  }

  private boolean mayNotWrite(Call call, Reply reply) {
    return call.method().equals("POST")
        && reply instanceof Reply.Answered answered
        && answered.status() == 403
        && classifier.classify(answered) instanceof PostResult.Refused(_, PostResult.Scope scope)
        && scope == PostResult.Scope.REPOSITORY;
  }

  /** Each installation has an hourly limit of its own: that of one stops no other. */
  private Outcome replied(
      InstallationTokens installations, InstallationToken.Usable used, Reply reply) {
    Outcome outcome = replied(reply);
    return classifier
        .hourlyLimit(reply)
        .<Outcome>map(wait -> new Outcome.Withheld(installations.rest(used.installation(), wait)))
        .orElse(outcome);
  }

  private Outcome replied(Reply reply) {
    GithubRateLimit.parse(reply).ifPresent(left -> rateLimit.set(Optional.of(left)));
    return new Outcome.Replied(reply);
  }
}
