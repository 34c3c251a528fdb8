package dev.slipway.targets.render;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The states of a deploy at Render, and what each means for a run. */
enum RenderStatus {
  CREATED("created", Meaning.WAITING, ""),
  QUEUED("queued", Meaning.WAITING, ""),
  BUILD_IN_PROGRESS("build_in_progress", Meaning.GOING, ""),
  PRE_DEPLOY_IN_PROGRESS("pre_deploy_in_progress", Meaning.GOING, ""),
  UPDATE_IN_PROGRESS("update_in_progress", Meaning.GOING, ""),
  LIVE("live", Meaning.SUCCEEDED, ""),
  /** It was live, and a newer deploy took its place before anybody looked. */
  DEACTIVATED("deactivated", Meaning.SUCCEEDED, ", and was then replaced by a newer deploy"),
  BUILD_FAILED("build_failed", Meaning.FAILED, "The build failed at Render"),
  PRE_DEPLOY_FAILED("pre_deploy_failed", Meaning.FAILED, "The pre-deploy command failed at Render"),
  UPDATE_FAILED("update_failed", Meaning.FAILED, "The new version did not come up at Render"),
  CANCELED("canceled", Meaning.CANCELLED, "");

  enum Meaning {
    WAITING,
    GOING,
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  private final String code;
  private final Meaning meaning;
  private final String words;

  RenderStatus(String code, Meaning meaning, String words) {
    this.code = code;
    this.meaning = meaning;
    this.words = words;
  }

  /** Empty for a word that Render did not have when this was written. */
  static Optional<RenderStatus> of(String word) {
    return Arrays.stream(values()).filter(status -> status.code().equals(word)).findFirst();
  }

  /** Whether a deploy of which Render says this is over. */
  static boolean isOver(String word) {
    return of(word).filter(RenderStatus::isOver).isPresent();
  }

  /** Render's word for it. */
  String code() {
    return code;
  }

  boolean isOver() {
    return meaning != Meaning.WAITING && meaning != Meaning.GOING;
  }

  Meaning meaning() {
    return meaning;
  }

  String words() {
    return words;
  }

  /** When it is worth looking again: nothing much happens while a deploy only waits. */
  Duration pace() {
    return Duration.ofSeconds(meaning == Meaning.WAITING ? 10 : 5);
  }
}
