package dev.slipway.github;

import dev.slipway.http.Reply;
import dev.slipway.model.CleanText;
import dev.slipway.secret.Redactor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** Classifies GitHub's answer to a post: accepted, retry later, refused, missing, invalid. */
final class GithubResponseClassifier {
  private static final Duration BARE_LIMIT = Duration.ofSeconds(60);
  private static final int LONGEST = 300;

  private final InstantSource clock;
  private final CredentialKind credential;
  private final GithubSettingNames names;
  private final Redactor redactor;

  /**
   * @param credential what the calls are made with
   * @param names of the settings of the host that is called
   * @param redactor what GitHub, or a proxy in its place, says may quote the credential
   */
  GithubResponseClassifier(
      InstantSource clock, CredentialKind credential, GithubSettingNames names, Redactor redactor) {
    this.clock = clock;
    this.credential = credential;
    this.names = names;
    this.redactor = redactor;
  }

  PostResult classify(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String reason, _) ->
          new PostResult.RetryLater(reason, Duration.ZERO, false, false);
      case Reply.Unanswered(String reason) ->
          new PostResult.RetryLater(reason, Duration.ZERO, false, true);
      case Reply.Answered answered -> classifyAnswer(answered);
    };
  }

  private PostResult classifyAnswer(Reply.Answered answered) {
    String said = "GitHub answered " + answered.status() + ": " + message(answered);
    return switch (answered.status()) {
      case 201 ->
          answered.json().path("id").asLong(0) > 0
              ? new PostResult.Accepted(answered.json().path("id").asLong())
              : new PostResult.RetryLater("GitHub's 201 lacks an id", Duration.ZERO, false, true);
      case 401 ->
          new PostResult.Refused(
              said + ". " + credential.unauthorized(names),
              isApis(answered) ? credential.scope() : PostResult.Scope.EVERYTHING);
      case 407 ->
          new PostResult.Refused(
              said + ". A proxy in between wants a password", PostResult.Scope.EVERYTHING);
      case 403, 429 -> limited(answered, said);
      case 404, 410 -> isGithubs(answered) ? new PostResult.Missing(said) : refused(answered, said);
      case 408 -> new PostResult.RetryLater(said, Duration.ZERO, false, true);
      case 422 -> isApis(answered) ? new PostResult.Invalid(said) : refused(answered, said);
      // A 200 or so is not GitHub's, but of something in between
      default ->
          answered.status() >= 500 || answered.isSuccess()
              ? broken(answered, said)
              : refused(answered, said);
    };
  }

  /** An answer that no API wrote says nothing about one repository. */
  private PostResult refused(Reply.Answered answered, String said) {
    return isApis(answered)
        ? new PostResult.Refused(said, PostResult.Scope.REPOSITORY)
        : new PostResult.Refused(
            "%s. That is no answer of GitHub's API: look at %s (GitHub Enterprise Server has its API below /api/v3) and at proxies"
                .formatted(said, names.apiUrl()),
            PostResult.Scope.EVERYTHING);
  }

  private static boolean isApis(Reply.Answered answered) {
    return !answered.json().path("message").asString("").isEmpty();
  }

  private static boolean isGithubs(Reply.Answered answered) {
    return isApis(answered) && !answered.json().path("documentation_url").asString("").isEmpty();
  }

  /** A {@code Retry-After} is for all calls: a post for another deployment would violate it too. */
  private PostResult broken(Reply.Answered answered, String said) {
    Optional<Duration> retryAfter = retryAfter(answered);
    return new PostResult.RetryLater(
        said, retryAfter.orElse(Duration.ZERO), retryAfter.isPresent(), true);
  }

  private PostResult limited(Reply.Answered answered, String said) {
    Optional<Duration> retryAfter = retryAfter(answered);
    if (retryAfter.isPresent()) {
      return new PostResult.RetryLater(said, retryAfter.get(), true, false);
    }
    if (isSpent(answered)) {
      return new PostResult.RetryLater(said, untilReset(answered), true, false);
    }
    if (answered.status() == 429
        || answered
            .json()
            .path("message")
            .asString("")
            .toLowerCase(Locale.ROOT)
            .contains("rate limit")) {
      return new PostResult.RetryLater(said, BARE_LIMIT, true, false);
    }
    String needed =
        answered
            .header("X-Accepted-GitHub-Permissions")
            .map(permissions -> " (it takes " + shown(permissions) + ")")
            .orElse("");
    return isApis(answered)
        ? new PostResult.Refused(
            said + ". " + credential.mayNotWrite(names) + needed, PostResult.Scope.REPOSITORY)
        : refused(answered, said);
  }

  private static boolean isSpent(Reply.Answered answered) {
    return answered.header("X-RateLimit-Remaining").filter("0"::equals).isPresent();
  }

  /**
   * How long the hourly limit of the credential is used up; empty when it is not. A wait that
   * GitHub asks for in so many seconds is another limit, which may be for more than the credential.
   */
  Optional<Duration> hourlyLimit(Reply reply) {
    return reply instanceof Reply.Answered answered
            && (answered.status() == 403 || answered.status() == 429)
            && retryAfter(answered).isEmpty()
            && isSpent(answered)
        ? Optional.of(untilReset(answered))
        : Optional.empty();
  }

  private Optional<Duration> retryAfter(Reply.Answered answered) {
    return answered.retryAfter(clock.instant());
  }

  private Duration untilReset(Reply.Answered answered) {
    Duration wait =
        answered
            .header("X-RateLimit-Reset")
            .filter(value -> value.matches("\\d{1,12}"))
            .map(value -> Instant.ofEpochSecond(Long.parseLong(value)))
            .map(reset -> Duration.between(clock.instant(), reset).plusSeconds(1))
            .orElse(BARE_LIMIT);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** What an answer says, as it may be kept, logged and shown. */
  String message(Reply.Answered answered) {
    String message = answered.json().path("message").asString("");
    String detail = answered.json().path("errors").path(0).path("message").asString("");
    String all = message.isEmpty() ? "no message" : shown(message);
    return detail.isEmpty() ? all : all + " (" + shown(detail) + ")";
  }

  private String shown(String text) {
    return CleanText.cut(CleanText.line(redactor.redact(text).text()), LONGEST);
  }
}
