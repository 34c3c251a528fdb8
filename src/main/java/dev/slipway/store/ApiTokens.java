package dev.slipway.store;

import dev.slipway.model.AuditEntry;
import dev.slipway.model.Caller;
import dev.slipway.model.Scope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of the API, found by their SHA-256: the index is asked for the whole hash of what a
 * caller sent, so how long that takes tells nothing about a token.
 */
public final class ApiTokens {
  private static final Logger LOG = LoggerFactory.getLogger(ApiTokens.class);
  private static final Duration PRECISION = Duration.ofMinutes(1);

  private final Transactions transactions;

  private ApiTokens(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The tokens in the open database of a server. */
  public static ApiTokens of(Database database) {
    return new ApiTokens(database.transactions());
  }

  /** The tokens in the database of a server that may run in another process. */
  public static ApiTokens beside(String url, DatabaseLogin login) {
    return new ApiTokens(new DatabaseClient(url, login));
  }

  /**
   * A token, without what proves it.
   *
   * @param caller what it lets its bearer do
   * @param lastUsedAt up to a minute too early; null if it never was
   * @param revokedAt null while it works
   */
  public record Token(
      Caller caller, Instant createdAt, @Nullable Instant lastUsedAt, @Nullable Instant revokedAt) {
    private static Token of(Sql.Columns columns) throws SQLException {
      return new Token(
          new Caller(
              columns.text("name"),
              scopes(columns.text("scopes")),
              list(columns.text("repositories"))),
          columns.instant("created_at"),
          columns.optionalInstant("last_used_at"),
          columns.optionalInstant("revoked_at"));
    }

    private static List<String> list(String text) {
      return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    /** A scope of another version lets nobody do anything here. */
    private static Set<Scope> scopes(String text) {
      return list(text).stream()
          .map(Scope::of)
          .flatMap(Optional::stream)
          .collect(Collectors.toSet());
    }

    private boolean wasUsedWithin(Duration time, Instant now) {
      return lastUsedAt != null && Duration.between(lastUsedAt, now).abs().compareTo(time) < 0;
    }
  }

  /**
   * Keeps a new token.
   *
   * @param hash its SHA-256 in hex digits
   * @param entry for the audit
   * @return whether there was none with this name, also none that was revoked
   */
  public boolean create(Caller caller, String hash, AuditEntry entry) {
    return transactions.write(
        sql -> {
          boolean isNew =
              sql.update(
                      """
                      insert into api_token (name, hash, scopes, repositories, created_at)
                      values (?, ?, ?, ?, ?) on conflict (name) do nothing
                      """,
                      caller.name(),
                      hash,
                      joined(caller.scopes()),
                      String.join(",", caller.repositories()),
                      entry.at())
                  == 1;
          if (isNew) {
            AuditLog.add(sql, entry);
          }
          return isNew;
        });
  }

  private static String joined(Collection<Scope> scopes) {
    return Arrays.stream(Scope.values())
        .filter(scopes::contains)
        .map(Scope::code)
        .collect(Collectors.joining(","));
  }

  /**
   * Makes a token stop working, for good.
   *
   * @param entry for the audit
   * @return whether there is one with this name that worked
   */
  public boolean revoke(String name, AuditEntry entry) {
    return transactions.write(
        sql -> {
          boolean worked =
              sql.update(
                      "update api_token set revoked_at = ? where name = ? and revoked_at is null",
                      entry.at(),
                      name)
                  == 1;
          if (worked) {
            AuditLog.add(sql, entry);
          }
          return worked;
        });
  }

  /** All tokens by name, also those that were revoked. */
  public List<Token> list() {
    return transactions.read(sql -> sql.list(Token::of, "select * from api_token order by name"));
  }

  /**
   * Whether the token with this name works still.
   *
   * @throws StoreException when the database cannot be read
   */
  public boolean works(String name) {
    return transactions.read(
            sql ->
                sql.number(
                    "select count(*) from api_token where name = ? and revoked_at is null", name))
        == 1;
  }

  /**
   * The bearer of a token that works; keeps that it was used.
   *
   * @param hash the SHA-256 of what the caller sent, in hex digits
   * @throws StoreException when the database cannot be read
   */
  public Optional<Caller> authenticate(String hash, Instant now) {
    Optional<Token> token =
        transactions.read(
            sql ->
                sql.first(
                    Token::of,
                    "select * from api_token where hash = ? and revoked_at is null",
                    hash));
    token
        .filter(used -> !used.wasUsedWithin(PRECISION, now))
        .ifPresent(used -> recordUse(used, now));
    return token.map(Token::caller);
  }

  /** Whoever may read does so while the database cannot be written, too. */
  private void recordUse(Token token, Instant now) {
    try {
      int _ =
          transactions.write(
              sql ->
                  sql.update(
                      "update api_token set last_used_at = ? where name = ?",
                      now,
                      token.caller().name()));
    } catch (StoreException e) {
      LOG.debug("The use of token {} was not kept: {}", token.caller().name(), e.getMessage());
    }
  }
}
