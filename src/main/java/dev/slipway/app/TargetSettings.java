package dev.slipway.app;

import dev.slipway.target.command.ShellConfig;
import dev.slipway.target.command.SshConfig;
import dev.slipway.target.qovery.QoveryApplicationConfig;
import dev.slipway.target.qovery.QoveryJobConfig;
import dev.slipway.target.render.RenderApiConfig;
import dev.slipway.target.render.RenderHookConfig;

/** A target's settings. */
sealed interface TargetSettings {
  String name();

  record RenderHook(String name, RenderHookConfig config) implements TargetSettings {}

  record RenderApi(String name, RenderApiConfig config) implements TargetSettings {}

  record QoveryApplication(String name, QoveryApplicationConfig config) implements TargetSettings {}

  record QoveryJob(String name, QoveryJobConfig config) implements TargetSettings {}

  record Shell(String name, ShellConfig config) implements TargetSettings {}

  record Ssh(String name, SshConfig config) implements TargetSettings {}

  record Absent(String name, String reason) implements TargetSettings {}
}
