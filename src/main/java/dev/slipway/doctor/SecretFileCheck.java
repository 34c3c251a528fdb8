package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import dev.slipway.settings.FilePermissions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks who on this machine may read the files that hold secrets. */
final class SecretFileCheck {
  private SecretFileCheck() {}

  static List<CheckResult> results(List<Path> files) {
    return files.stream().distinct().map(SecretFileCheck::result).toList();
  }

  private static CheckResult result(Path file) {
    String subject = "secret file " + file;
    Optional<String> problem = FilePermissions.problem(file);
    if (problem.isPresent()) {
      return new CheckResult.Warning(subject, problem.get(), "chmod 600 " + file);
    }
    // Containers give secrets to a group, so that alone is nothing to warn of
    return new CheckResult.Ok(
        subject,
        FilePermissions.isGroupReadable(file)
            ? "its owner and its group can read it"
            : "only its owner can read it");
  }
}
