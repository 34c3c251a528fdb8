package dev.slipway.targets.qovery;

import dev.slipway.http.Http;
import java.time.InstantSource;

/**
 * Deploys a Qovery job, by commit or by image tag, and follows it to its end. An event that the job
 * does not have is refused where Qovery lets us see it, and never ends as success.
 */
public final class QoveryJob extends QoveryTarget {
  public QoveryJob(QoveryJobConfig config, Http http, InstantSource clock) {
    super(
        new QoveryClient(config.account(), http, clock),
        QoveryService.job(config),
        config.limits());
  }

  @Override
  public String name() {
    return "qovery-job";
  }
}
