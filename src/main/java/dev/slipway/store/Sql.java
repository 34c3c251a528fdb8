package dev.slipway.store;

import dev.slipway.model.CleanText;
import dev.slipway.model.WebhookSubscription;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Statements on one connection, with {@link Instant}s as milliseconds and {@link URI}s as text.
 * They stay prepared for the next time; for one thread at a time.
 */
final class Sql {
  private static final int MOST_KEPT = 200;

  private final Connection connection;
  private final Dialect dialect;
  private List<WebhookSubscription> subscriptions = List.of();

  /** Those that nobody uses at the moment, the one that was used longest ago first. */
  private final LinkedHashMap<String, PreparedStatement> kept = new LinkedHashMap<>();

  Sql(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  interface Row<T> {
    T of(Columns columns) throws SQLException;
  }

  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  Connection connection() {
    return connection;
  }

  /** The SQL of this database. */
  Dialect dialect() {
    return dialect;
  }

  /** Which outgoing webhooks are told of the statuses that this transaction adds. */
  List<WebhookSubscription> subscriptions() {
    return subscriptions;
  }

  /** The same statements, for work that tells these webhooks. */
  Sql telling(List<WebhookSubscription> webhooks) {
    subscriptions = webhooks;
    return this;
  }

  void begin() throws SQLException {
    connection.setAutoCommit(false);
  }

  void commit() throws SQLException {
    // Commits; a commit() before it would make SQLite's driver begin, and so lock, once more
    connection.setAutoCommit(true);
  }

  void rollback() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }

  <T> List<T> list(Row<T> row, String sql, @Nullable Object... values) throws SQLException {
    return use(
        sql,
        values,
        statement -> {
          try (ResultSet found = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (found.next()) {
              rows.add(row.of(new Columns(found)));
            }
            return rows;
          }
        });
  }

  <T> Optional<T> first(Row<T> row, String sql, @Nullable Object... values) throws SQLException {
    return list(row, sql, values).stream().findFirst();
  }

  long number(String sql, @Nullable Object... values) throws SQLException {
    return first(columns -> columns.number(1), sql, values).orElse(0L);
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    return use(sql, values, PreparedStatement::executeUpdate);
  }

  /** Runs a statement whose rows, if it has any, do not matter. */
  void execute(String sql) throws SQLException {
    // Kept, it would be in progress until its rows were read, and nothing could be committed
    try (Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  /** Runs a statement that changes one row and returns one number of it, such as the id. */
  long updateReturning(String sql, @Nullable Object... values) throws SQLException {
    return first(columns -> columns.number(1), sql, values).orElseThrow();
  }

  private <T> T use(String sql, @Nullable Object[] values, Use<T> use) throws SQLException {
    // While it is in use another of the same text is prepared anew
    PreparedStatement known = kept.remove(sql);
    PreparedStatement statement = known == null ? connection.prepareStatement(sql) : known;
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, column(values[i]));
      }
      T result = use.of(statement);
      // A payload of megabytes must not stay until the next time
      statement.clearParameters();
      keep(sql, statement);
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        statement.close();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    PreparedStatement other = kept.put(sql, statement);
    if (other != null) {
      other.close();
    } else if (kept.size() > MOST_KEPT) {
      kept.pollFirstEntry().getValue().close();
    }
  }

  private static @Nullable Object column(@Nullable Object value) {
    return switch (value) {
      case Instant at -> at.toEpochMilli();
      case Boolean flag -> flag ? 1 : 0;
      case URI uri -> uri.toString();
      case String text -> CleanText.of(text);
      case null, default -> value;
    };
  }

  /** The columns of one row, by name or number. */
  record Columns(ResultSet row) {
    String text(String name) throws SQLException {
      return row.getString(name);
    }

    @Nullable String optionalText(String name) throws SQLException {
      return row.getString(name);
    }

    long number(int index) throws SQLException {
      return row.getLong(index);
    }

    long number(String name) throws SQLException {
      return row.getLong(name);
    }

    @Nullable Long optionalNumber(String name) throws SQLException {
      long value = row.getLong(name);
      return row.wasNull() ? null : value;
    }

    boolean flag(String name) throws SQLException {
      return row.getInt(name) != 0;
    }

    Instant instant(String name) throws SQLException {
      return Instant.ofEpochMilli(row.getLong(name));
    }

    @Nullable Instant optionalInstant(String name) throws SQLException {
      Long millis = optionalNumber(name);
      return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    @Nullable URI optionalUri(String name) throws SQLException {
      String text = row.getString(name);
      return text == null ? null : URI.create(text);
    }
  }
}
