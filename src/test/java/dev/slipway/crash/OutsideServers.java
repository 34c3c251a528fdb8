package dev.slipway.crash;

import dev.slipway.crash.OutsideJournal.Outcome;
import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeGitHub;
import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.FakeRepository;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.StateSchedule;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * GitHub, Render and Qovery around a Slipway. They outlive it, and each call that took effect is in
 * the journal, whether or not its response arrived. A commit names the deployment it is of.
 */
final class OutsideServers implements AutoCloseable {
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(20);
  private static final Secret WEBHOOK_SECRET = new Secret("It's a Secret to Everybody");
  private static final Secret GITHUB_TOKEN = new Secret("ghp_0123456789abcdefghijklmnopqrstuvwxyz");
  private static final Secret QOVERY_TOKEN = new Secret("qov_0123456789abcdef");
  private static final FakeRender.Account ACCOUNT =
      new FakeRender.Account(
          "srv-cukouhrtq21c73e9scng", new Secret("0123456789"), new Secret("rnd_0123456789abcdef"));

  private final OutsideJournal journal;
  private final LongFunction<Address> addresses;
  private final Deploys deploys;
  private final Map<Long, String> guids = new ConcurrentHashMap<>();

  /** Of deployments that were created for an order, the one that the commit is of. */
  private final Map<Long, Long> commits = new ConcurrentHashMap<>();

  /** By the deployment that a commit is of, the newest that was created with that commit. */
  private final Map<Long, Long> repeats = new ConcurrentHashMap<>();

  private final AtomicLong ids = new AtomicLong();
  private final FakeGitHub github;
  private final FakeRender render;
  private final FakeQovery qovery;

  /** What a deployment is of, and what only one deploy may be in at a time. */
  record Address(FakeRepository repository, String environment, String key) {}

  /** The networks between Slipway and each provider. */
  record Networks(NetworkBehavior toGithub, NetworkBehavior toRender, NetworkBehavior toQovery) {
    static final Networks RELIABLE =
        new Networks(NetworkBehavior.RELIABLE, NetworkBehavior.RELIABLE, NetworkBehavior.RELIABLE);
  }

  /** Decides what becomes of the deploys of a deployment. */
  interface Deploys {
    StateSchedule atRender(long deployment);

    StateSchedule atQovery(long deployment);

    /** Whether its deploys go live if nobody stops them. */
    default boolean succeeds(long deployment) {
      return true;
    }
  }

  OutsideServers(
      OutsideJournal journal, LongFunction<Address> addresses, Deploys deploys, Networks networks) {
    this.journal = journal;
    this.addresses = addresses;
    this.deploys = deploys;
    InstantSource clock = InstantSource.system();
    this.github =
        new FakeGitHub(GITHUB_TOKEN, WEBHOOK_SECRET, clock, this::record, networks.toGithub());
    this.render =
        new FakeRender(ACCOUNT, clock, event -> recordDeploy(event, ""), networks.toRender());
    this.qovery =
        new FakeQovery(
            QOVERY_TOKEN, clock, event -> recordDeploy(event, "qovery-"), networks.toQovery());
    render.script(
        new FakeRender.Script() {
          @Override
          public StateSchedule schedule(String commit) {
            return deploys.atRender(deploymentWith(commit));
          }

          // One service stands for those of all environments
          @Override
          public boolean replacesOlder() {
            return false;
          }
        });
    qovery.script(commit -> deploys.atQovery(deploymentWith(commit)));
    github.numberDeployments(ids::incrementAndGet);
    DeployDestination.ofQovery().forEach(place -> qovery.withApplication(place.service()));
  }

  private static String commitOf(long deployment) {
    return "%040x".formatted(deployment);
  }

  /** The deployment that a commit is of. */
  static long deploymentOf(String commit) {
    return Long.parseLong(commit, 16);
  }

  /** The deployment that a commit is deployed for: that it is of, or the newest that repeats it. */
  private long deploymentWith(String commit) {
    return repeats.getOrDefault(deploymentOf(commit), deploymentOf(commit));
  }

  /** Whether no other deployment repeats its commit since. */
  boolean isNewestWithItsCommit(long deployment) {
    long commit = commits.getOrDefault(deployment, deployment);
    return repeats.getOrDefault(commit, commit) == deployment;
  }

  /** A number that no deployment has yet; greater than all. */
  long nextId() {
    return ids.incrementAndGet();
  }

  /** What a deployment is of; one that was created for an order stands where its commit was. */
  private Address address(long deployment) {
    return addresses.apply(commits.getOrDefault(deployment, deployment));
  }

  private void record(FakeEvent event) {
    switch (event) {
      case FakeEvent.DeliverySent sent ->
          journal.add(
              new OutsideJournal.Sent(sent.deployment(), key(sent.deployment()), sent.guid()));
      case FakeEvent.DeliveryAnswered answer when answer.status() != 0 ->
          journal.add(
              new OutsideJournal.Answered(
                  answer.deployment(), answer.guid(), answer.status(), answer.decision()));
      case FakeEvent.StatusCreated status ->
          journal.add(
              new OutsideJournal.Posted(status.deployment(), status.state(), status.description()));
      case FakeEvent.DeploymentCreated created
          when deploymentOf(created.sha()) != created.deployment() -> {
        long commit = deploymentOf(created.sha());
        commits.put(created.deployment(), commit);
        repeats.merge(commit, created.deployment(), Math::max);
        journal.add(
            new OutsideJournal.Created(
                created.deployment(), key(created.deployment()), commit, created.description()));
      }
      default -> {
        // nothing that was promised depends on it
      }
    }
  }

  private void recordDeploy(FakeEvent event, String provider) {
    switch (event) {
      case FakeEvent.DeployCreated created -> {
        long deployment = deploymentWith(created.commit());
        String key = key(deployment);
        journal.add(
            OutsideJournal.nanoseconds(created.at()),
            new OutsideJournal.Triggered(
                deployment,
                key,
                provider + created.trigger(),
                created.id(),
                deploymentOf(created.commit())));
        created
            .ends()
            .ifPresent(
                end ->
                    journal.add(
                        OutsideJournal.nanoseconds(end),
                        new OutsideJournal.Over(
                            deployment,
                            key,
                            created.id(),
                            deploys.succeeds(deployment) ? Outcome.LIVE : Outcome.FAILED)));
      }
      case FakeEvent.CancelReceived cancelled when cancelled.stopped() -> {
        long deployment = deploymentWith(cancelled.commit());
        journal.addStopped(
            OutsideJournal.nanoseconds(cancelled.at()),
            new OutsideJournal.Over(deployment, key(deployment), cancelled.id(), Outcome.STOPPED));
      }
      default -> {
        // nothing that was promised depends on it
      }
    }
  }

  /** What only one deploy of this deployment and others may be in at a time. */
  String key(long deployment) {
    return address(deployment).key();
  }

  /** The settings of a Slipway that these servers are around. */
  Map<String, String> settings() {
    return Map.of(
        "GITHUB_WEBHOOK_SECRET", WEBHOOK_SECRET.reveal(),
        "GITHUB_TOKEN", GITHUB_TOKEN.reveal(),
        "GITHUB_API_URL", github.address().toString(),
        "RENDER_API_URL", render.address().toString(),
        "RENDER_API_KEY", ACCOUNT.apiKey().reveal(),
        "RENDER_SERVICE_ID", ACCOUNT.serviceId(),
        "RENDER_DEPLOY_HOOK_URL", render.hook().reveal(),
        "QOVERY_API_URL", qovery.address().toString(),
        "QOVERY_API_TOKEN", QOVERY_TOKEN.reveal());
  }

  FakeGitHub github() {
    return github;
  }

  /**
   * Sends the event of a deployment, which is created if GitHub does not have it.
   *
   * @param newGuid as a second webhook would, instead of the same delivery again
   * @return whether it was accepted
   */
  boolean deliver(URI webhook, long deployment, boolean newGuid) throws InterruptedException {
    Address address = address(deployment);
    github.add(address.repository());
    if (!commits.containsKey(deployment)) {
      github.create(
          deployment, address.repository().fullName(), address.environment(), commitOf(deployment));
    }
    String guid =
        newGuid
            ? UUID.randomUUID().toString()
            : guids.computeIfAbsent(deployment, _ -> UUID.randomUUID().toString());
    return github.deliver(webhook, deployment, guid, DELIVERY_TIMEOUT).status() == 202;
  }

  @Override
  public void close() {
    github.close();
    render.close();
    qovery.close();
  }
}
