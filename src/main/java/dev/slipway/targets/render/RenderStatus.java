package dev.slipway.targets.render;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Render's words for where a deploy is, and what each means here. */
enum RenderStatus {
  CREATED(Meaning.WAITING, ""),
  QUEUED(Meaning.WAITING, ""),
  BUILD_IN_PROGRESS(Meaning.GOING, ""),
  PRE_DEPLOY_IN_PROGRESS(Meaning.GOING, ""),
  UPDATE_IN_PROGRESS(Meaning.GOING, ""),
  LIVE(Meaning.SUCCEEDED, ""),
  /** It was live, and a newer deploy took its place before anybody looked. */
  DEACTIVATED(Meaning.SUCCEEDED, ", and was then replaced by a newer deploy"),
  BUILD_FAILED(Meaning.FAILED, "The build failed at Render"),
  PRE_DEPLOY_FAILED(Meaning.FAILED, "The pre-deploy command failed at Render"),
  UPDATE_FAILED(Meaning.FAILED, "The new version did not come up at Render"),
  CANCELED(Meaning.CANCELLED, "");

  enum Meaning {
    WAITING,
    GOING,
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  private final Meaning meaning;
  private final String words;

  RenderStatus(Meaning meaning, String words) {
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

  String code() {
    return name().toLowerCase(Locale.ROOT);
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
