package dev.slipway.store;

import java.util.function.Supplier;

/** Values that are made once and kept, such as the secret that signs log links. */
public final class StoredValues {
  private final Database database;

  public StoredValues(Database database) {
    this.database = database;
  }

  /** The kept value; the first to ask makes it, also among replicas. */
  public String getOrCreate(String name, Supplier<String> first) {
    return database.write(
        sql -> {
          sql.update(
              "insert into stored_value (name, value) values (?, ?) on conflict do nothing",
              name,
              first.get());
          return sql.first(
                  columns -> columns.text("value"),
                  "select value from stored_value where name = ?",
                  name)
              .orElseThrow();
        });
  }
}
