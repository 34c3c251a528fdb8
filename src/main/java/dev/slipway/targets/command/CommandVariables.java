package dev.slipway.targets.command;

import dev.slipway.model.Attempt;
import dev.slipway.model.Deployment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is told about its deployment. Everything in here is untrusted text and reaches a
 * command through its environment only.
 *
 * @param values by name; {@code SLIPWAY_PAYLOAD} is empty when the payload is too large for one
 * @param payload the whole payload, for the file that {@code SLIPWAY_PAYLOAD_FILE} names
 */
record CommandVariables(Map<String, String> values, String payload) {
  /** Linux takes 128 KiB for one variable, its name included. */
  static final int LARGEST = 120 * 1024;

  /** Linux takes a quarter of the stack limit for all of them, which is 2 MiB as it comes. */
  private static final int LARGEST_TOGETHER = 1024 * 1024;

  static CommandVariables of(Attempt attempt) {
    Deployment deployment = attempt.deployment();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("SLIPWAY_REPOSITORY", deployment.repository().fullName());
    values.put("SLIPWAY_HOST", deployment.repository().host());
    values.put("SLIPWAY_SHA", deployment.sha() == null ? "" : deployment.sha());
    values.put("SLIPWAY_REF", deployment.ref());
    values.put("SLIPWAY_ENVIRONMENT", deployment.environment().name());
    values.put("SLIPWAY_TASK", deployment.task());
    values.put("SLIPWAY_DESCRIPTION", deployment.description());
    values.put("SLIPWAY_CREATOR", deployment.creator());
    values.put(
        "SLIPWAY_DEPLOYMENT_ID",
        Long.toString(
            deployment.githubId() == null ? attempt.deploymentId() : deployment.githubId()));
    values.put("SLIPWAY_RUN", Integer.toString(attempt.run()));
    values.replaceAll((_, value) -> possible(value));
    String payload = possible(deployment.payload());
    int size = size(payload);
    boolean fits = size <= LARGEST && together(values) + size <= LARGEST_TOGETHER;
    values.put("SLIPWAY_PAYLOAD", fits ? payload : "");
    return new CommandVariables(values, payload);
  }

  /** An environment cannot hold NUL, so it becomes the sign for "something was here". */
  private static String possible(String value) {
    return value.replace('\0', '\uFFFD');
  }

  private static long together(Map<String, String> values) {
    return values.values().stream().mapToLong(CommandVariables::size).sum();
  }

  /** Whether a variable can hold this. */
  static boolean fits(String value) {
    return size(value) <= LARGEST;
  }

  private static int size(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Why no process can be given these variables; empty when one can. */
  Optional<String> problem() {
    Optional<String> large =
        values.entrySet().stream()
            .filter(variable -> !fits(variable.getValue()))
            .map(variable -> variable.getKey() + " is larger than 120 KiB, no command can take it")
            .findFirst();
    return large.isEmpty() && together(values) > LARGEST_TOGETHER
        ? Optional.of(
            "the SLIPWAY_ variables are larger than 1 MiB together, no command can take them")
        : large;
  }
}
