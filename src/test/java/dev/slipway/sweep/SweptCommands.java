package dev.slipway.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Commands that say what they do in a file of the folder, and can be held there. */
record SweptCommands(Path folder) {
  /** A command that says that it begins, and waits or fails as is said here. */
  String line() {
    return "cd %s; n=$SLIPWAY_DEPLOYMENT_ID; trap 'echo stopped $n >> ran; exit 143' TERM; echo began $n $SLIPWAY_SHA >> ran; while [ -e hold-$n ]; do sleep 0.05; done; [ ! -e broken-$n ]"
        .formatted(folder);
  }

  /** What commands have said. */
  List<String> ran() {
    Path file = folder.resolve("ran");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the command of a deployment wait. */
  void hold(long id) {
    make("hold-" + id);
  }

  /** Lets it go on. */
  void release(long id) {
    remove("hold-" + id);
  }

  /** Lets the command of a deployment fail. */
  void breakOne(long id) {
    make("broken-" + id);
  }

  /** Lets it succeed. */
  void mend(long id) {
    remove("broken-" + id);
  }

  private void make(String name) {
    try {
      Path _ = Files.createFile(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void remove(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
