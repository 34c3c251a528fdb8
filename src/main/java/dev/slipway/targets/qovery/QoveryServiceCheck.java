package dev.slipway.targets.qovery;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks the service that is deployed, and with it the token. */
final class QoveryServiceCheck {
  private final String subject;
  private final QoveryConfig config;

  QoveryServiceCheck(String subject, QoveryConfig config) {
    this.subject = subject;
    this.config = config;
  }

  Check check(ProviderCalls calls, Time time) {
    QoveryClient client = new QoveryClient(config, calls, new QoveryMessages(config, calls), time);
    return new Check(subject, () -> results(client));
  }

  private List<CheckResult> results(QoveryClient client) throws InterruptedException {
    try {
      return results(client.service());
    } catch (QoveryClient.UnavailableException e) {
      return List.of(
          new CheckResult.Failure(
              subject,
              "Qovery does not show its %s: %s".formatted(config.kind().noun(), e.reason()),
              "look at QOVERY_API_TOKEN, QOVERY_API_URL and the network"));
    }
  }

  /** What Qovery's description of the service tells. */
  List<CheckResult> results(Optional<QoveryService> described) {
    if (described.isEmpty()) {
      return List.of(
          new CheckResult.Failure(
              subject,
              "Qovery knows no such " + config.kind().noun(),
              "look at %s, and that QOVERY_API_TOKEN sees it".formatted(config.kind().setting())));
    }
    List<CheckResult> results = new ArrayList<>();
    results.add(
        described
            .get()
            .problemWith(config)
            .<CheckResult>map(
                problem ->
                    new CheckResult.Failure(
                        subject, problem, "change that: nothing would be deployed"))
            .orElseGet(
                () ->
                    new CheckResult.Ok(
                        subject, "Qovery shows its %s".formatted(config.kind().noun()))));
    results.add(autoDeploy(described.get()));
    return results;
  }

  private CheckResult autoDeploy(QoveryService service) {
    String what = subject + ", auto-deploy";
    return service.deploysByItself()
        ? new CheckResult.Warning(
            what,
            "is on: Qovery deploys each push by itself, so a commit may be deployed twice",
            "turn it off in the service's settings in Qovery's console")
        : new CheckResult.Ok(what, "is off");
  }
}
