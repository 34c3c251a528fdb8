package dev.slipway.cli;

import dev.slipway.process.ProgramVersion;
import picocli.CommandLine.IVersionProvider;

/** Reads the version from the jar. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"Slipway " + ProgramVersion.get().orElse("(not from its jar)")};
  }
}
