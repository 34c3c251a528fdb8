package dev.slipway.store;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The counts of one transaction. They are written last and in one order, so that nobody holds a
 * counter for long and no two transactions wait for each other.
 */
final class CounterChanges {
  private static final int SHARDS = 16;

  private final SortedMap<Key, Long> changes =
      new TreeMap<>(
          Comparator.comparing(Key::kind).thenComparing(Key::source).thenComparing(Key::code));

  private record Key(CounterKind kind, String source, String code) {}

  void add(CounterKind kind, String source, String word, long number) {
    changes.merge(new Key(kind, source, word), number, Long::sum);
  }

  void add(CounterKind kind, long number) {
    add(kind, "", "", number);
  }

  /** Writes what was counted; to be done last. */
  void write(Sql sql) throws SQLException {
    int shard =
        sql.dialect().hasConcurrentWrites() ? ThreadLocalRandom.current().nextInt(SHARDS) : 0;
    for (var change : changes.entrySet()) {
      if (change.getValue() != 0) {
        sql.update(
            """
            insert into counter (kind, source, code, shard, number) values (?, ?, ?, ?, ?)
              on conflict (kind, source, code, shard)
              do update set number = counter.number + excluded.number
            """,
            change.getKey().kind().code(),
            change.getKey().source(),
            change.getKey().code(),
            shard,
            change.getValue());
      }
    }
    changes.clear();
  }
}
