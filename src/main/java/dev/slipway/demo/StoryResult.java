package dev.slipway.demo;

/**
 * What the checks at the end of the story found.
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
