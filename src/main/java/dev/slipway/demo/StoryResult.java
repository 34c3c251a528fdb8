package dev.slipway.demo;

/**
 * The result of the checks at the end of the story.
 *
 * @param held how many facts are as they should be
 * @param broken how many are not
 */
public record StoryResult(int held, int broken) {
  /** Whether everything is as it should be. */
  public boolean isGood() {
    return broken == 0;
  }
}
