package dev.slipway.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log page shows, in words.
 *
 * @param state GitHub's word for the newest state, also a style class
 * @param reason how it ended, or where it is
 * @param endedAt ISO time, empty while it goes on
 * @param link the page's own path, to which the others are relative
 * @param logStart offset of the first line that is shown
 * @param logNext offset after the last line that is shown
 */
public record PageView(
    String title,
    String state,
    String stateLabel,
    String reason,
    List<Fact> facts,
    List<Target> targets,
    List<Report> reports,
    String waiting,
    String startedAt,
    String endedAt,
    String took,
    String link,
    long logStart,
    long logNext,
    List<LogLine> lines) {

  /**
   * A line of the header.
   *
   * @param url where it leads, or null
   */
  public record Fact(String name, String value, @Nullable String url) {}

  /**
   * A target of the chain.
   *
   * @param look style class: {@code skipped}, {@code refused}, {@code unknown}, {@code accepted},
   *     {@code busy}, {@code waiting}, {@code succeeded}, {@code failed}
   */
  public record Target(String name, String look, String label, String detail) {}

  /**
   * A status of the timeline.
   *
   * @param delivery whether GitHub has it: {@code posted}, {@code waiting}, {@code lost}, {@code
   *     local}
   */
  public record Report(
      String state,
      String label,
      String description,
      String at,
      String clock,
      String delivery,
      String deliveryLabel) {}

  /** Whether the deployment goes on. */
  public boolean isLive() {
    return endedAt.isEmpty();
  }
}
