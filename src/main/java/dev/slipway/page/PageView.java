package dev.slipway.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of the log page, in words.
 *
 * @param seen a fingerprint that changes with all content but the log and the clock
 */
public record PageView(
    String seen,
    Heading heading,
    List<HeaderField> facts,
    Clock clock,
    List<ChainRow> chain,
    List<StatusRow> reports,
    Log log) {

  /**
   * The deployment, its environment and its state.
   *
   * @param number Slipway's number of the deployment, in words, as commands and addresses have it
   * @param repository may be empty
   * @param state GitHub's word for the newest state, also a style class
   * @param reason of the end, or of the present state
   * @param notices further notices for an operator
   */
  public record Heading(
      String number,
      String repository,
      String environment,
      String state,
      String stateLabel,
      String reason,
      List<String> notices) {
    public Heading {
      notices = List.copyOf(notices);
    }

    /** Both names in one line. */
    public String title() {
      return repository.isEmpty() ? environment : repository + " → " + environment;
    }
  }

  /**
   * A line of the header.
   *
   * @param look style class: {@code code}, {@code wide}, {@code full} or nothing
   * @param url the address of its link, or null
   */
  public record HeaderField(String name, String value, String look, @Nullable String url) {}

  /** The time that it took, or that it has taken so far. */
  public record Clock(String label, boolean isRunning, long seconds, String text) {}

  /**
   * A target of the chain, or several in a row that were passed over.
   *
   * @param members those of several; empty for one
   */
  public record ChainRow(
      String name, TargetProgress progress, String label, String detail, List<ChainRow> members) {
    ChainRow(String name, TargetProgress progress, String label, String detail) {
      this(name, progress, label, detail, List.of());
    }
  }

  /** The state of a target of the chain. */
  public enum TargetProgress {
    AHEAD("ahead"),
    SKIPPED("skipped"),
    REFUSED("refused"),
    BUSY("busy"),
    UNKNOWN("unknown"),
    ACCEPTED("accepted"),
    SUCCEEDED("succeeded"),
    FAILED("failed");

    private final String code;

    TargetProgress(String code) {
      this.code = code;
    }

    /** The style class. */
    public String code() {
      return code;
    }

    /** Nothing was started, and the next target may be tried. */
    boolean isPassedOver() {
      return this == SKIPPED || this == AHEAD;
    }
  }

  /**
   * A status of the timeline.
   *
   * @param problem why GitHub has not received it, where that is known
   */
  public record StatusRow(
      String state,
      String label,
      String description,
      String at,
      String clock,
      Posting posting,
      String problem) {}

  /** Whether GitHub has a status. */
  public enum Posting {
    POSTED("posted", "GitHub has it"),
    WAITING("waiting", "waiting for GitHub"),
    LOST("lost", "not taken by GitHub"),
    REPLACED("replaced", "replaced by a later one"),
    LOCAL("local", "not on GitHub");

    private final String code;
    private final String label;

    Posting(String code, String label) {
      this.code = code;
      this.label = label;
    }

    /** The style class. */
    public String code() {
      return code;
    }

    /** The words beside the status. */
    public String label() {
      return label;
    }
  }

  /**
   * The end of the log.
   *
   * @param link the page's own path; those of the log begin with it
   * @param start offset of the first line that is shown
   * @param next offset after the last line that is shown
   */
  public record Log(String link, long start, long next, List<LogLine> lines) {}
}
