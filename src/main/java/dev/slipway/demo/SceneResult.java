package dev.slipway.demo;

import java.util.Optional;

/**
 * What came of a scene.
 *
 * @param redelivery the decision about the second delivery; empty if there was none
 * @param problem what kept it from its end
 */
record SceneResult(
    Scene scene,
    String sha,
    long deployment,
    String redelivery,
    Traces traces,
    Optional<String> problem) {
  /**
   * What was found right after the scene where the deploy ran.
   *
   * @param commands how often the command on your server was run in it
   */
  record Traces(String commit, String inLog, int commands) {}

  String shortSha() {
    return sha.substring(0, 7);
  }
}
