package dev.slipway.app;

import java.io.PrintStream;

final class DemoCommand {
  DemoCommand(PrintStream out) {}

  int run(boolean once, boolean colours) {
    return once || colours ? 0 : 1;
  }
}
