package dev.slipway.github;

import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Deployment;
import dev.slipway.model.Repository;
import dev.slipway.model.Status;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub's REST API, as far as deployments need it. Addresses are built from the configured base,
 * never taken from an event. Follows a redirect once and to the same host only: that is how GitHub
 * answers for a renamed repository.
 */
public final class Github {
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Set<Integer> MOVED = Set.of(301, 302, 307, 308);

  private final GithubConfig config;
  private final Http http;
  private final GithubResponseClassifier classifier;
  private final AtomicReference<Optional<GithubRateLimit>> rateLimit =
      new AtomicReference<>(Optional.empty());

  public Github(GithubConfig config, Http http, InstantSource clock) {
    this.config = config;
    this.http = http;
    this.classifier = new GithubResponseClassifier(clock);
  }

  /** Whether there is a credential at all. */
  public boolean hasCredential() {
    return config.token() != null;
  }

  /** The host that people see. */
  public String host() {
    return config.host();
  }

  /**
   * Posts a status once, with the addresses that it has.
   *
   * @param logUrl where GitHub's "View deployment" leads; without it GitHub shows no such link
   */
  public PostResult post(
      Repository repository, long githubId, Status status, Optional<String> logUrl)
      throws InterruptedException {
    ObjectNode body = plain(status).put("auto_inactive", true);
    logUrl.ifPresent(address -> body.put("log_url", address));
    URI environmentUrl = status.environmentUrl();
    if (environmentUrl != null) {
      body.put("environment_url", environmentUrl.toString());
    }
    return post(repository, githubId, body);
  }

  /** Posts a status once, without any address: GitHub may find those invalid. */
  public PostResult postPlain(Repository repository, long githubId, Status status)
      throws InterruptedException {
    return post(repository, githubId, plain(status).put("auto_inactive", true));
  }

  private static ObjectNode plain(Status status) {
    return JsonCodec.object()
        .put("state", status.state().code())
        .put("description", status.description());
  }

  private PostResult post(Repository repository, long githubId, ObjectNode body)
      throws InterruptedException {
    URI address = api(repository, "deployments/" + githubId + "/statuses");
    return classifier.classify(send(Call.postJson(address, body.toString())));
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
    Reply reply = send(Call.get(address));
    if (!(reply instanceof Reply.Answered answered) || answered.status() != 200) {
      return new StatusLookup.Unavailable(classifier.classify(reply));
    }
    if (!answered.json().isArray()) {
      return new StatusLookup.Unavailable(
          new PostResult.RetryLater(
              "GitHub's answer is no list of statuses", Duration.ZERO, false, true));
    }
    return StreamSupport.stream(answered.json().spliterator(), false)
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
    body.set("payload", JsonCodec.read(wanted.payload()));
    requiredContexts.ifPresent(
        contexts -> contexts.forEach(body.withArray("required_contexts")::add));
    requiredContexts.ifPresent(_ -> body.withArray("required_contexts"));
    Reply reply = send(Call.postJson(api(wanted.repository(), "deployments"), body.toString()));
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

  /** GitHub's id of a repository; empty where it cannot be read. */
  public Optional<Long> repositoryId(Repository repository) throws InterruptedException {
    return send(Call.get(api(repository, ""))) instanceof Reply.Answered answered
            && answered.status() == 200
            && answered.json().path("id").asLong(0) > 0
        ? Optional.of(answered.json().path("id").asLong())
        : Optional.empty();
  }

  /** The commit of a branch, tag or short commit; empty where it cannot be read. */
  public Optional<String> resolveCommit(Repository repository, String ref)
      throws InterruptedException {
    URI address = api(repository, "commits/" + BaseUrl.encoded(ref));
    return send(Call.get(address)) instanceof Reply.Answered answered && answered.status() == 200
        ? Optional.of(answered.json().path("sha").asString("")).filter(SHA.asMatchPredicate())
        : Optional.empty();
  }

  /**
   * Compares a commit with another one: {@code ahead}, {@code behind} (an ancestor of it), {@code
   * identical} or {@code diverged}; empty where it cannot be read.
   */
  public Optional<String> compare(Repository repository, String commit, String to)
      throws InterruptedException {
    URI address = api(repository, "compare/" + to + "..." + commit + "?per_page=1");
    return send(Call.get(address)) instanceof Reply.Answered answered && answered.status() == 200
        ? Optional.of(answered.json().path("status").asString("")).filter(word -> !word.isEmpty())
        : Optional.empty();
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
    return readResult(send(etag.map(tag -> call.with("If-None-Match", tag)).orElse(call)));
  }

  /** Reads the page after another one. */
  public ReadResult read(URI next) throws InterruptedException {
    return readResult(send(Call.get(next)));
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
              Set.of(401, 407, 429).contains(answered.status()));
    };
  }

  /**
   * Reads something of a repository for one who looks at the whole answer, headers included.
   *
   * @param path below the repository, with its query; empty for the repository itself
   */
  public Reply inspect(Repository repository, String path) throws InterruptedException {
    return send(Call.get(api(repository, path)));
  }

  /**
   * Reads something that belongs to no repository, such as {@code meta}, for one who looks at the
   * whole answer. Asks without a credential where there is none.
   */
  public Reply inspect(String path) throws InterruptedException {
    Call call = Call.get(BaseUrl.of(config.apiUrl()).uri("/" + path));
    return config.token() == null ? http.send(anonymous(call)) : send(call);
  }

  /** The hourly limit, as GitHub's last answer said; empty before one did. */
  public Optional<GithubRateLimit> rateLimit() {
    return rateLimit.get();
  }

  private URI api(Repository repository, String path) {
    return BaseUrl.of(config.apiUrl())
        .uri("/repos/" + repository.fullName() + (path.isEmpty() ? "" : "/" + path));
  }

  private Reply send(Call call) throws InterruptedException {
    Secret token = config.token();
    if (token == null) {
      return new Reply.NotSent("no GITHUB_TOKEN is set", false);
    }
    Call dressed = anonymous(call).with("Authorization", "Bearer " + token.reveal());
    Reply reply = http.send(dressed);
    GithubRateLimit.parse(reply).ifPresent(left -> rateLimit.set(Optional.of(left)));
    return reply instanceof Reply.Answered answered && MOVED.contains(answered.status())
        ? followRedirect(dressed, answered)
        : reply;
  }

  private Call anonymous(Call call) {
    return call.with("Accept", "application/vnd.github+json")
        .with("X-GitHub-Api-Version", config.apiVersion());
  }

  private Reply followRedirect(Call call, Reply.Answered answered) throws InterruptedException {
    Optional<URI> location = answered.header("Location").flatMap(Github::uri);
    boolean sameHost =
        location
            .filter(to -> config.apiUrl().getAuthority().equals(to.getAuthority()))
            .filter(to -> config.apiUrl().getScheme().equals(to.getScheme()))
            .isPresent();
    return sameHost
        ? http.send(new Call(call.method(), location.get(), call.headers(), call.body()))
        : answered;
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
