package dev.slipway.configuration;

import dev.slipway.targets.command.ShellConfig;
import dev.slipway.targets.command.SshConfig;
import dev.slipway.targets.qovery.QoveryConfig;
import dev.slipway.targets.render.RenderApiConfig;
import dev.slipway.targets.render.RenderHookConfig;

/** The settings of one target of a chain, under its name there. */
public sealed interface TargetSettings {
  /** Its name in the chain. */
  String name();

  /** A Render deploy hook. */
  record RenderHook(String name, RenderHookConfig config) implements TargetSettings {}

  /** A deploy through Render's API. */
  record RenderApi(String name, RenderApiConfig config) implements TargetSettings {}

  /** A Qovery application or job. */
  record Qovery(String name, QoveryConfig config) implements TargetSettings {}

  /** A command that runs here. */
  record Shell(String name, ShellConfig config) implements TargetSettings {}

  /** A command on another server. */
  record Ssh(String name, SshConfig config) implements TargetSettings {}

  /** Nothing is configured, for this reason. */
  record Absent(String name, String reason) implements TargetSettings {}
}
