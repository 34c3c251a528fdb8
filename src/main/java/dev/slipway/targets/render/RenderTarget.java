package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Verdict;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.StartRules;
import dev.slipway.targets.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a deploy by hook and one by the API have in common: all but the request. */
abstract sealed class RenderTarget implements Target permits RenderHook, RenderApi {
  private final String name;
  private final AttemptLimits limits;
  private final ServiceId service;
  private final ImageReference image;
  private final RenderMessages messages;
  private final @Nullable RenderClient client;
  private final StartRules rules = new Rules();

  /**
   * @param client null without an API key, when nothing can be read
   */
  RenderTarget(
      String name,
      AttemptLimits limits,
      ServiceId service,
      ImageReference image,
      RenderMessages messages,
      @Nullable RenderClient client) {
    this.name = name;
    this.limits = limits;
    this.service = service;
    this.image = image;
    this.messages = messages;
    this.client = client;
  }

  /** The head of the log's lines about the request. */
  abstract String logPrefix();

  /** The settings that a refusal points to. */
  abstract String whatToCheck();

  /** The request that starts a deploy of this version. */
  abstract Call startRequest(RenderVersion version);

  /**
   * Reads an answer of success.
   *
   * @param sent when the request was sent
   */
  abstract Verdict accepted(Reply.Answered answer, Instant sent);

  /** The request once more, where reading at Render shows that another one does the same sooner. */
  PreparedStart.Request refined(Attempt attempt, PreparedStart.Request request)
      throws InterruptedException {
    return request;
  }

  /** The refusal after the API did not let the service be seen. */
  abstract Verdict.Refused denied(Reply.Answered answer);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String destination() {
    return RenderApiConfig.destination(service.value());
  }

  @Override
  public final AttemptLimits limits() {
    return limits;
  }

  @Override
  public final PreparedStart preview(Attempt attempt) {
    return image
        .problem(attempt.deployment())
        .<PreparedStart>map(PreparedStart.Declined::refused)
        .orElseGet(() -> request(attempt, Optional.empty(), Stream.empty()));
  }

  @Override
  public final PreparedStart prepare(Attempt attempt) throws InterruptedException {
    PreparedStart prepared = preview(attempt);
    if (client == null || prepared instanceof PreparedStart.Declined) {
      return prepared;
    }
    PreparedStart checked = checked(attempt, client.service());
    return checked instanceof PreparedStart.Request request ? refined(attempt, request) : checked;
  }

  private PreparedStart checked(Attempt attempt, Reply description) {
    if (!(description instanceof Reply.Answered answer)
        || !(answer.isSuccess() || RenderClient.isDenied(answer))) {
      return request(
          attempt,
          Optional.empty(),
          Stream.of(
              "Render's API does not describe service "
                  + service
                  + ": "
                  + messages.unseen(description)));
    }
    if (!answer.isSuccess()) {
      return new PreparedStart.Declined(denied(answer));
    }
    RenderService facts = RenderService.from(answer.json());
    return facts.isSuspended()
        ? new PreparedStart.Declined(facts.notes(), suspended())
        : request(attempt, Optional.of(facts), facts.notes().stream());
  }

  /** A service that is suspended runs nothing, whatever is deployed. */
  private Verdict.Refused suspended() {
    return new Verdict.Refused(
        "Render has suspended the service "
            + service
            + ", so nothing was asked for; resume it in Render's dashboard");
  }

  private PreparedStart request(
      Attempt attempt, Optional<RenderService> facts, Stream<String> notes) {
    RenderVersion version = RenderVersion.of(attempt.deployment(), image, service, facts);
    List<String> all = Stream.concat(notes, version.note().stream()).toList();
    return new PreparedStart.Request(all, startRequest(version), version.words(), rules);
  }

  private final class Rules implements StartRules {
    @Override
    public String logPrefix() {
      return RenderTarget.this.logPrefix();
    }

    @Override
    public ProviderMessages messages() {
      return messages.plain();
    }

    @Override
    public Verdict accepted(Reply.Answered answer, Instant sent) {
      return RenderTarget.this.accepted(answer, sent);
    }

    @Override
    public Optional<String> hint(Reply.Answered refusal) {
      return RenderClient.isDenied(refusal) || refusal.status() == 410
          ? Optional.of(whatToCheck())
          : Optional.empty();
    }
  }
}
