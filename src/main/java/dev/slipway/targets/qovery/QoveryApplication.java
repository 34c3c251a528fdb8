package dev.slipway.targets.qovery;

import dev.slipway.http.Http;
import java.time.InstantSource;

/**
 * Deploys one commit of a Qovery application and follows it to its end. It succeeds only when
 * Qovery's own word says that this commit is live.
 */
public final class QoveryApplication extends QoveryTarget {
  public QoveryApplication(QoveryApplicationConfig config, Http http, InstantSource clock) {
    super(
        new QoveryClient(config.account(), http, clock),
        QoveryService.application(config.applicationId()),
        config.limits());
  }

  @Override
  public String name() {
    return "qovery-application";
  }
}
