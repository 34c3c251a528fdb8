package dev.slipway.targets.command;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.settings.FilePermissions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Checks that the server is the one whose host key is known, and lets us in. Runs nothing there.
 */
final class SshCheck {
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final String subject;
  private final SshConfig config;

  SshCheck(String subject, SshConfig config) {
    this.subject = subject;
    this.config = config;
  }

  List<Check> checks() {
    return List.of(
        new Check(subject, () -> List.of(login())),
        new Check(subject + ", key file", () -> List.of(keyFile())));
  }

  private CheckResult login() throws InterruptedException {
    String address = "%s@%s:%d".formatted(config.user(), config.host(), config.port());
    try (SshConnections connections = new SshConnections(config, SILENCE)) {
      connections.give(connections.take());
      return new CheckResult.Ok(subject, address + " has the known host key and lets us in");
    } catch (SshConnections.TurnedAwayException e) {
      return new CheckResult.Failure(
          subject,
          String.valueOf(e.getMessage()),
          "look at DEPLOY_SSH_KNOWN_HOSTS_FILE, DEPLOY_SSH_USER and DEPLOY_SSH_KEY_FILE");
    } catch (IOException e) {
      return new CheckResult.Failure(
          subject,
          String.valueOf(e.getMessage()),
          "look at DEPLOY_SSH_HOST, DEPLOY_SSH_PORT, the server and the network");
    }
  }

  private CheckResult keyFile() {
    Path file = config.keyFile();
    Optional<String> problem = FilePermissions.problem(file);
    return problem.isPresent()
        ? new CheckResult.Warning(subject + ", key file", problem.get(), "chmod 600 " + file)
        : new CheckResult.Ok(
            subject + ", key file",
            file
                + (FilePermissions.isGroupReadable(file)
                    ? " can be read by its owner and its group"
                    : " can be read by its owner only"));
  }
}
