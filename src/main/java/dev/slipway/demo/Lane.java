package dev.slipway.demo;

/** Who takes part, each with the column of its lifeline. */
enum Lane {
  TOOLING(10),
  GITHUB(33),
  SLIPWAY(56),
  PROVIDER(79);

  final int column;

  Lane(int column) {
    this.column = column;
  }
}
