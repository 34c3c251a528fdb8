package dev.slipway.targets.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Checks the settings of SSH, and reads the key that they name. */
final class SshSettings {
  private SshSettings() {}

  static List<String> problems(SshConfig config) {
    List<String> problems = new ArrayList<>();
    if (config.host().isBlank()) {
      problems.add("DEPLOY_SSH_HOST is empty; set it to the server's name");
    }
    if (config.port() < 1 || config.port() > 65_535) {
      problems.add("DEPLOY_SSH_PORT is " + config.port() + "; set it to a port from 1 to 65535");
    }
    if (config.user().isBlank()) {
      problems.add("DEPLOY_SSH_USER is empty; set it to the user to log in as");
    }
    if (config.command().isBlank() || config.command().indexOf('\0') >= 0) {
      problems.add(
          "DEPLOY_SSH_COMMAND is empty or holds a NUL; set it to the command that deploys");
    }
    if (!Files.isReadable(config.knownHosts())) {
      problems.add(
          "the known_hosts file %s cannot be read; set DEPLOY_SSH_KNOWN_HOSTS_FILE, and fill it with: ssh-keyscan"
              .formatted(config.knownHosts()));
    }
    problems.addAll(keyProblems(config.keyFile()));
    return problems;
  }

  static List<KeyPair> keys(Path file) throws IOException, GeneralSecurityException {
    List<KeyPair> keys = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, FilePasswordProvider.EMPTY);
      if (found != null) {
        found.forEach(keys::add);
      }
    }
    return keys;
  }

  private static List<String> keyProblems(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of(
          "the SSH key " + file + " does not exist; set DEPLOY_SSH_KEY_FILE to a private key");
    }
    if (!Files.isReadable(file)) {
      return List.of("the SSH key " + file + " cannot be read; let Slipway's user read it");
    }
    try {
      return keys(file).isEmpty() ? List.of(unusable(file)) : List.of();
    } catch (IOException | GeneralSecurityException e) {
      // The text of the exception may quote the file
      return List.of(unusable(file));
    }
  }

  private static String unusable(Path file) {
    return "the SSH key "
        + file
        + " is no private key that can be used, or has a passphrase; make one with: ssh-keygen -t"
        + " ed25519 -N \"\"";
  }
}
