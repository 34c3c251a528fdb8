package dev.slipway.configuration;

import dev.slipway.targets.TargetType;
import dev.slipway.targets.command.ShellType;
import dev.slipway.targets.command.SshType;
import dev.slipway.targets.http.HttpType;
import dev.slipway.targets.qovery.QoveryApplicationType;
import dev.slipway.targets.qovery.QoveryContainerType;
import dev.slipway.targets.qovery.QoveryHelmType;
import dev.slipway.targets.qovery.QoveryJobType;
import dev.slipway.targets.render.RenderApiType;
import dev.slipway.targets.render.RenderHookType;
import dev.slipway.targets.render.RenderJobType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The ways to deploy. */
final class TargetTypes {
  /** In the order of the default chain; a new one is added here. */
  static final List<TargetType> ALL =
      List.of(
          new RenderHookType(),
          new RenderApiType(),
          new RenderJobType(),
          new QoveryApplicationType(),
          new QoveryJobType(),
          new QoveryContainerType(),
          new QoveryHelmType(),
          new HttpType(),
          new SshType(),
          new ShellType());

  private TargetTypes() {}

  static Optional<TargetType> of(String code) {
    return ALL.stream().filter(type -> type.code().equals(code)).findFirst();
  }

  static Stream<String> codes() {
    return ALL.stream().map(TargetType::code);
  }
}
