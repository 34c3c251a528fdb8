package dev.slipway.store;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, with {@link Instant}s as milliseconds and {@link URI}s as text. */
record Sql(Connection connection) {

  interface Row<T> {
    T of(Columns columns) throws SQLException;
  }

  <T> List<T> list(Row<T> row, String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values);
        ResultSet found = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(row.of(new Columns(found)));
      }
      return rows;
    }
  }

  <T> Optional<T> first(Row<T> row, String sql, @Nullable Object... values) throws SQLException {
    return list(row, sql, values).stream().findFirst();
  }

  long number(String sql, @Nullable Object... values) throws SQLException {
    return first(columns -> columns.number(1), sql, values).orElse(0L);
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** Runs an {@code insert … returning id}. */
  long insert(String sql, @Nullable Object... values) throws SQLException {
    return first(columns -> columns.number(1), sql, values).orElseThrow();
  }

  private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, column(values[i]));
    }
    return statement;
  }

  private static @Nullable Object column(@Nullable Object value) {
    return switch (value) {
      case Instant at -> at.toEpochMilli();
      case Boolean flag -> flag ? 1 : 0;
      case URI uri -> uri.toString();
      case Enum<?> word -> word.name();
      case String text -> storable(text);
      case null, default -> value;
    };
  }

  /** PostgreSQL takes no NUL and neither of them half a surrogate pair, wherever it came from. */
  private static String storable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == 0 || Character.isSurrogate(at)) {
        return text.codePoints()
            .map(point -> point == 0 || isLone(point) ? 0xFFFD : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  private static boolean isLone(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
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
