package dev.slipway.demo;

/** A participant of the diagram, with the column of its lifeline. */
enum Participant {
  TOOLING(10),
  GITHUB(33),
  SLIPWAY(56),
  PROVIDER(79);

  final int column;

  Participant(int column) {
    this.column = column;
  }
}
