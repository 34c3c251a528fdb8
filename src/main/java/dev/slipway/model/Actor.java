package dev.slipway.model;

/**
 * Who does something to a deployment or to Slipway itself.
 *
 * @param name for people: {@code ann (token ci)}
 * @param via the way by which they do it
 */
public record Actor(String name, Via via) {
  /** The ways to act, each with its word in the database and in answers. */
  public enum Via {
    /** A call of the API. */
    API("api"),
    /** The command line on the server's database. */
    CLI("cli"),
    /** A deployment whose task is a command, or whose payload holds one. */
    CHATOPS("chatops");

    private final String code;

    Via(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }
}
