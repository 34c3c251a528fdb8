package dev.slipway.model;

import java.util.Arrays;
import java.util.Optional;

/** What a token of the API lets its bearer do. No scope includes another one, but admin has all. */
public enum Scope {
  /** Read deployments, audit and locks. */
  READ("read"),
  /** Order deployments. */
  DEPLOY("deploy"),
  /** Cancel, retry, and whatever else changes what is there. */
  CONTROL("control"),
  /** All of the others. */
  ADMIN("admin");

  private final String code;

  Scope(String code) {
    this.code = code;
  }

  /** The word in the database, on the command line and in answers. */
  public String code() {
    return code;
  }

  /** The scope with this code; empty when there is none, but another version may know it. */
  public static Optional<Scope> of(String code) {
    return Arrays.stream(values()).filter(scope -> scope.code.equals(code)).findFirst();
  }
}
