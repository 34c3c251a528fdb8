package dev.slipway.check;

import java.util.function.UnaryOperator;

/** The result of a check: one line for an operator. Each text is one line of limited length. */
public sealed interface CheckResult {
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

  /** The same result with each text changed. */
  default CheckResult map(UnaryOperator<String> change) {
    return with(change.apply(subject()), change.apply(detail()), change.apply(advice()));
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
      subject = ResultText.of(subject);
      detail = ResultText.of(detail);
    }

    @Override
    public String advice() {
      return "";
    }
  }

  /** Deploys go on, but probably not as meant. */
  record Warning(String subject, String detail, String advice) implements CheckResult {
    public Warning {
      subject = ResultText.of(subject);
      detail = ResultText.of(detail);
      advice = ResultText.of(advice);
    }
  }

  /** Something that Slipway needs does not work. */
  record Failure(String subject, String detail, String advice) implements CheckResult {
    public Failure {
      subject = ResultText.of(subject);
      detail = ResultText.of(detail);
      advice = ResultText.of(advice);
    }
  }

  /** It could not be checked, which says nothing about how it is. */
  record Skipped(String subject, String detail, String advice) implements CheckResult {
    public Skipped {
      subject = ResultText.of(subject);
      detail = ResultText.of(detail);
      advice = ResultText.of(advice);
    }

    /** With nothing to do about it. */
    public Skipped(String subject, String detail) {
      this(subject, detail, "");
    }
  }
}
