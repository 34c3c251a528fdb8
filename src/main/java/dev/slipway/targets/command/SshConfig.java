package dev.slipway.targets.command;

import dev.slipway.model.AttemptLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of a command that runs on your server.
 *
 * @param keyFile a private key in OpenSSH or PEM form, without passphrase
 * @param knownHosts the file in which the server's host key has to be
 * @param command the operator's command line, run by the server's {@code sh}
 */
public record SshConfig(
    String host,
    int port,
    String user,
    Path keyFile,
    Path knownHosts,
    String command,
    Duration timeout,
    Duration idleTimeout,
    AttemptLimits limits) {}
