package dev.slipway.check;

import dev.slipway.model.CleanText;
import java.util.function.UnaryOperator;

/** The result of a check: one line for an operator. Each text is one line. */
public sealed interface CheckResult {
  /** The longest text that is shown, in code points. */
  int LONGEST = 500;

  /** What was checked. */
  String subject();

  /** What was found, as a clause without a full stop. */
  String detail();

  /** What to do about it; empty when there is nothing to do. */
  String advice();

  /** How it came out. */
  default Outcome outcome() {
    return switch (this) {
      case Ok _ -> Outcome.OK;
      case Warning _ -> Outcome.WARNING;
      case Failure _ -> Outcome.FAILURE;
      case Skipped _ -> Outcome.SKIPPED;
    };
  }

  /**
   * The result as it may be shown: others may have written a part of it.
   *
   * @param redact takes secrets out of a text, before it is cut
   */
  default CheckResult shown(UnaryOperator<String> redact) {
    UnaryOperator<String> shown = text -> CleanText.cut(redact.apply(text), LONGEST);
    return with(shown.apply(subject()), shown.apply(detail()), shown.apply(advice()));
  }

  /** The same result with another subject. */
  default CheckResult about(String subject) {
    return with(subject, detail(), advice());
  }

  private CheckResult with(String subject, String detail, String advice) {
    return switch (this) {
      case Ok _ -> new Ok(subject, detail);
      case Warning _ -> new Warning(subject, detail, advice);
      case Failure _ -> new Failure(subject, detail, advice);
      case Skipped _ -> new Skipped(subject, detail, advice);
    };
  }

  /** The ways in which a check comes out, each with its word for people and programs. */
  enum Outcome {
    OK("ok"),
    WARNING("warning"),
    FAILURE("failure"),
    SKIPPED("skipped");

    private final String code;

    Outcome(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** All is well. */
  record Ok(String subject, String detail) implements CheckResult {
    public Ok {
      subject = CleanText.line(subject);
      detail = CleanText.line(detail);
    }

    @Override
    public String advice() {
      return "";
    }
  }

  /** Deploys go on, but probably not as meant. */
  record Warning(String subject, String detail, String advice) implements CheckResult {
    public Warning {
      subject = CleanText.line(subject);
      detail = CleanText.line(detail);
      advice = CleanText.line(advice);
    }
  }

  /** Something that Slipway needs does not work. */
  record Failure(String subject, String detail, String advice) implements CheckResult {
    public Failure {
      subject = CleanText.line(subject);
      detail = CleanText.line(detail);
      advice = CleanText.line(advice);
    }
  }

  /** It could not be checked, which says nothing about how it is. */
  record Skipped(String subject, String detail, String advice) implements CheckResult {
    public Skipped {
      subject = CleanText.line(subject);
      detail = CleanText.line(detail);
      advice = CleanText.line(advice);
    }

    /** With nothing to do about it. */
    public Skipped(String subject, String detail) {
      this(subject, detail, "");
    }
  }
}
