package dev.slipway.fakes;

/**
 * A repository at GitHub.
 *
 * @param fullName such as {@code octo-org/hello-world}
 */
public record FakeRepository(String fullName, long id) {
  String owner() {
    return fullName.substring(0, fullName.indexOf('/'));
  }

  String name() {
    return fullName.substring(fullName.indexOf('/') + 1);
  }
}
