package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Caller;
import dev.slipway.model.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of the API and the audit of what is done to them, on both databases. */
class ApiTokensTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Caller CI =
      new Caller("ci", Set.of(Scope.CONTROL, Scope.READ), List.of("octo/*", "acme/web"));

  private static AuditEntry entry(AuditEntry.Action action) {
    return new AuditEntry(
        T0, new Actor("ann", Actor.Via.CLI), action, null, "", "token ci", "new job");
  }

  @ParameterizedTest
  @EnumSource
  void a_token_is_found_by_its_hash_until_it_is_revoked(TestDatabases kind) {
    try (Database database = kind.open()) {
      ApiTokens tokens = ApiTokens.of(database);
      assertThat(tokens.create(CI, "1f", entry(AuditEntry.Action.CREATE_TOKEN))).isTrue();

      assertThat(tokens.authenticate("1f", T0)).contains(CI);
      assertThat(tokens.authenticate("1e", T0)).isEmpty();

      assertThat(tokens.revoke("ci", entry(AuditEntry.Action.REVOKE_TOKEN))).isTrue();
      assertThat(tokens.revoke("ci", entry(AuditEntry.Action.REVOKE_TOKEN))).isFalse();
      assertThat(tokens.authenticate("1f", T0)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_name_is_given_once_and_what_was_not_done_is_not_in_the_audit(TestDatabases kind) {
    try (Database database = kind.open()) {
      ApiTokens tokens = ApiTokens.of(database);
      tokens.create(CI, "1f", entry(AuditEntry.Action.CREATE_TOKEN));
      tokens.revoke("ci", entry(AuditEntry.Action.REVOKE_TOKEN));

      assertThat(tokens.create(CI, "2f", entry(AuditEntry.Action.CREATE_TOKEN))).isFalse();
      assertThat(tokens.revoke("other", entry(AuditEntry.Action.REVOKE_TOKEN))).isFalse();

      assertThat(new AuditLog(database).list(Long.MAX_VALUE, 10, _ -> true).rows())
          .extracting(AuditLog.Row::action)
          .containsExactly("revoke_token", "create_token");
      assertThat(new AuditLog(database).list(Long.MAX_VALUE, 1, _ -> true).rows())
          .singleElement()
          .isEqualTo(
              new AuditLog.Row(
                  2, T0, "ann", "cli", "revoke_token", null, "", "token ci", "new job"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void its_last_use_is_kept_to_the_minute(TestDatabases kind) {
    try (Database database = kind.open()) {
      ApiTokens tokens = ApiTokens.of(database);
      tokens.create(CI, "1f", entry(AuditEntry.Action.CREATE_TOKEN));
      assertThat(tokens.list().getFirst().lastUsedAt()).isNull();

      tokens.authenticate("1f", T0);
      tokens.authenticate("1f", T0.plusSeconds(59));
      assertThat(tokens.list().getFirst().lastUsedAt()).isEqualTo(T0);
      tokens.authenticate("1f", T0.plusSeconds(60));
      assertThat(tokens.list().getFirst().lastUsedAt()).isEqualTo(T0.plusSeconds(60));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_scope_of_another_version_allows_nothing(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      ApiTokens tokens = ApiTokens.of(database);
      tokens.create(CI, "1f", entry(AuditEntry.Action.CREATE_TOKEN));
      int _ = database.write(sql -> sql.update("update api_token set scopes = 'read,fly'"));
      assertThat(tokens.authenticate("1f", T0))
          .contains(new Caller("ci", Set.of(Scope.READ), CI.repositories()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_audit_is_kept_as_long_as_deployments(TestDatabases kind) {
    try (Database database = kind.open()) {
      ApiTokens.of(database).create(CI, "1f", entry(AuditEntry.Action.CREATE_TOKEN));
      Duration day = Duration.ofDays(1);
      Retention retention =
          new Retention(database, new Retention.Periods(day, day.multipliedBy(9), day), "gone");

      boolean _ = retention.removeSome(T0.plus(Duration.ofDays(9)));
      assertThat(new AuditLog(database).list(Long.MAX_VALUE, 10, _ -> true).rows()).hasSize(1);
      assertThat(retention.removeSome(T0.plus(Duration.ofDays(10)))).isTrue();
      assertThat(new AuditLog(database).list(Long.MAX_VALUE, 10, _ -> true).rows()).isEmpty();
    }
  }
}
