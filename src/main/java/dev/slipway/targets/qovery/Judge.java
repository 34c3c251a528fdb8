package dev.slipway.targets.qovery;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import java.util.Optional;

/**
 * Turns the state of a deploy that surely is ours into a sighting. Live counts only with the right
 * commit: Qovery merges waiting requests of one token, and then only one of their commits runs.
 */
final class Judge {
  private final QoveryApi api;
  private final Subject subject;
  private final Links links;

  Judge(QoveryApi api, Subject subject) {
    this.api = api;
    this.subject = subject;
    this.links = new Links(api, subject);
  }

  PollResult of(Outlook outlook, String word, String executionId, Trail trail)
      throws Unreadable, InterruptedException {
    return outlook == Outlook.LIVE ? live(executionId, trail) : unlessLive(outlook, word);
  }

  PollResult ofEntry(History.Entry entry, Version version) throws InterruptedException {
    return entry.outlook() == Outlook.LIVE
        ? succeeded(version.words() + " is live")
        : unlessLive(entry.outlook(), entry.state());
  }

  PollResult unlessLive(Outlook outlook, String word) {
    return switch (outlook) {
      case IDLE, QUEUED -> new PollResult.Going(word, Pace.QUEUED);
      case RUNNING, UNCLEAR -> new PollResult.Going(word, Pace.RUNNING);
      case BROKEN ->
          new PollResult.Over(
              new End.Failed("Qovery: " + word + "; the previous version keeps running"));
      // Nobody's code is at fault, so it is no failure: that would wake people for nothing
      case CANCELLED ->
          new PollResult.Over(new End.Cancelled("Cancelled at Qovery, not by Slipway"));
      case OTHER_ACTION ->
          errored(
              "Qovery: " + word + "; somebody did another action on the " + subject.kind().word);
      case LIVE -> throw new IllegalArgumentException("live has to be proved");
    };
  }

  PollResult succeeded(String what) throws InterruptedException {
    return new PollResult.Over(
        new End.Succeeded(links.environmentUrl().orElse(null), "Deployed by Qovery: " + what));
  }

  PollResult mismatch(Version wanted, String deployed) {
    return new PollResult.Over(
        new End.Failed(
            "Qovery deployed %s instead of %s; it may have merged the request with another"
                .formatted(wanted.words(deployed), wanted.words())));
  }

  PollResult errored(String what) {
    return new PollResult.Over(new End.Errored(what + "; " + subject.toCheck()));
  }

  Optional<String> deployed(Version version) throws Unreadable, InterruptedException {
    return api.seek(subject.path()).flatMap(page -> version.deployed(page.json()));
  }

  Optional<History> history(Version version) throws Unreadable, InterruptedException {
    return api.seek(subject.path() + "/deploymentHistoryV2?pageSize=20")
        .map(page -> History.of(page.json(), version, subject));
  }

  private PollResult live(String executionId, Trail trail) throws Unreadable, InterruptedException {
    Version version = trail.version();
    Optional<String> deployed = deployed(version);
    if (deployed.filter(version::is).isPresent()) {
      return succeeded(version.words() + " is live");
    }
    Optional<History> history = history(version);
    Optional<History.Entry> entry =
        history
            .flatMap(past -> past.execution(executionId))
            .or(() -> history.flatMap(past -> past.latest(version, trail.since())));
    if (entry.isPresent()) {
      String ran = entry.get().version().orElseThrow();
      return version.is(ran) ? ofEntry(entry.get(), version) : mismatch(version, ran);
    }
    return deployed.isPresent() && version.isTold()
        ? mismatch(version, deployed.get())
        : succeeded("it does not say which version is live, so that could not be compared");
  }
}
