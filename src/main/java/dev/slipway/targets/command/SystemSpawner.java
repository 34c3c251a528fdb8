package dev.slipway.targets.command;

/** Chooses the cheapest {@link Spawner} that this system has. */
final class SystemSpawner {
  private SystemSpawner() {}

  /** The choice, made at the first call: to probe the system costs time that a start has not. */
  static Spawner get() {
    return Choice.SPAWNER;
  }

  /** Loaded with the first call, and so initialized once. */
  private static final class Choice {
    private static final Spawner SPAWNER =
        PosixSpawn.ofThisSystem().<Spawner>map(spawn -> spawn).orElseGet(SetsidSpawn::new);
  }
}
