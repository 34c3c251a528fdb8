package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a deployment that a lock holds says. */
class EnvironmentLockTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final LockScope PRODUCTION = new LockScope("", "", "production");

  private static EnvironmentLock lock(
      LockScope scope, String owner, String reason, @Nullable String expiresAt) {
    return new EnvironmentLock(
        7, scope, owner, reason, NOW, expiresAt == null ? null : Instant.parse(expiresAt));
  }

  @Test
  void it_says_who_why_until_when_and_how_to_unlock() {
    assertThat(lock(PRODUCTION, "ann", "db migration", "2026-11-21T14:00:00Z").hold())
        .isEqualTo(
            new Hold(
                "Locked by ann: db migration (until 14:00 UTC); slipway unlock production",
                Instant.parse("2026-11-21T14:00:00Z")));
  }

  @Test
  void another_day_is_named_and_a_lock_without_an_end_names_none() {
    assertThat(lock(PRODUCTION, "ann", "move", "2026-11-22T00:30:00Z").hold().text())
        .isEqualTo("Locked by ann: move (until 2026-11-22 00:30 UTC); slipway unlock production");
    assertThat(lock(PRODUCTION, "ann", "move", null).hold())
        .isEqualTo(new Hold("Locked by ann: move; slipway unlock production", null));
  }

  @Test
  void the_command_names_the_scope_so_that_a_shell_takes_it() {
    Map<LockScope, String> commands =
        Map.of(
            new LockScope("", "", ""), "slipway unlock",
            new LockScope("", "octo/web", ""), "slipway unlock --repository octo/web",
            new LockScope("", "octo/web", "prod"), "slipway unlock prod --repository octo/web",
            new LockScope("ghe.example", "", "prod"), "slipway unlock prod --host ghe.example",
            new LockScope("", "", "my app's"), "slipway unlock 'my app'\\''s'",
            new LockScope("", "octo/" + "w".repeat(90), "prod"), "slipway unlock --id 7");

    commands.forEach(
        (scope, command) ->
            assertThat(lock(scope, "ann", "move", null).hold().text())
                .isEqualTo("Locked by ann: move; " + command));
  }

  @Test
  void however_long_owner_and_reason_are_github_shows_the_command() {
    String text =
        lock(
                new LockScope("", "octo-org/hello-world", "production"),
                "o".repeat(300),
                "😀".repeat(300) + "\n",
                "2026-11-23T14:00:00Z")
            .hold()
            .text();

    assertThat(text.codePointCount(0, text.length())).isEqualTo(Status.LONGEST_DESCRIPTION);
    assertThat(new Status(GithubState.QUEUED, text).description()).isEqualTo(text);
    assertThat(text)
        .startsWith("Locked by oooo")
        .contains("😀😀")
        .endsWith("… (until 2026-11-23 14:00 UTC); slipway unlock --id 7");
  }

  @Test
  void a_scope_reads_well() {
    assertThat(new LockScope("", "", "").description()).isEqualTo("all repositories");
    assertThat(new LockScope("", "octo/web", "").description()).isEqualTo("octo/web");
    assertThat(new LockScope("github.com", "octo/web", "prod").description())
        .isEqualTo("prod of octo/web on github.com");
  }
}
