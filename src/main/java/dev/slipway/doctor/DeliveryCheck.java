package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import dev.slipway.store.StoreInspector;
import dev.slipway.webhook.NamedSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges by what was stored whether GitHub reaches the webhook, and with which secret. */
final class DeliveryCheck {
  static final String PING = "webhook secret";
  static final String LAST = "last delivery";

  private static final String LOOKS_RIGHT = "the hook looks right";
  private static final Duration QUIET = Duration.ofDays(30);

  private final List<NamedSecret> secrets;
  private final List<String> hosts;

  /**
   * @param secrets those that are configured
   * @param hosts the GitHub hosts that are configured, the first one first
   */
  DeliveryCheck(List<NamedSecret> secrets, List<String> hosts) {
    this.secrets = List.copyOf(secrets);
    this.hosts = List.copyOf(hosts);
  }

  List<CheckResult> results(StoreInspector.Summary summary, Instant now) {
    List<CheckResult> results = new ArrayList<>();
    for (String host : hosts) {
      String of = host.equals(hosts.getFirst()) ? "" : host + ": ";
      results.add(
          Optional.ofNullable(summary.lastPings().get(host))
              .map(ping -> ping(of + PING, host, ping, now))
              .orElseGet(() -> noPing(of + PING)));
      results.add(last(of + LAST, Optional.ofNullable(summary.lastDeliveries().get(host)), now));
    }
    return results;
  }

  private CheckResult ping(
      String subject, String host, StoreInspector.ReceivedPing ping, Instant now) {
    String hook = ping.hook().isEmpty() ? "" : " of webhook " + ping.hook();
    String when = "the last ping%s came %s ago".formatted(hook, age(ping.at(), now));
    if (secrets.stream()
        .noneMatch(secret -> secret.host().equals(host) && secret.name().equals(ping.secret()))) {
      return new CheckResult.Warning(
          subject,
          "%s, signed with the secret \"%s\", which is not configured any more"
              .formatted(when, ping.secret()),
          "have GitHub send a ping again (Recent deliveries, Redeliver) and see whether it is let"
              + " in");
    }
    String signed = "%s and fits the secret \"%s\"".formatted(when, ping.secret());
    return ping.reason().equals(LOOKS_RIGHT)
        ? new CheckResult.Ok(subject, signed)
        : new CheckResult.Warning(
            subject, signed + ", but: " + ping.reason(), "change that in the webhook's settings");
  }

  private static CheckResult noPing(String subject) {
    return new CheckResult.Skipped(
        subject,
        "no ping was let in yet, so it is not known whether GitHub has the same secret",
        "on GitHub, in the webhook's Recent deliveries, redeliver the ping: 401 there means another"
            + " secret");
  }

  private static CheckResult last(String subject, Optional<Instant> last, Instant now) {
    if (last.isEmpty()) {
      return new CheckResult.Warning(
          subject,
          "GitHub has delivered nothing yet",
          "add the webhook (README, step 4) and look at its Recent deliveries");
    }
    String detail = age(last.get(), now) + " ago";
    return Duration.between(last.get(), now).compareTo(QUIET) > 0
        ? new CheckResult.Warning(
            subject,
            detail,
            "if there were deployments since, look at the webhook's Recent deliveries on GitHub")
        : new CheckResult.Ok(subject, detail);
  }

  /** How long ago something was, in one unit. */
  static String age(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.toMinutes() < 1) {
      return Math.max(0, age.toSeconds()) + " s";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " days";
  }
}
