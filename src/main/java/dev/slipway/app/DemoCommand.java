package dev.slipway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.slipway.demo.Outcome;
import dev.slipway.demo.Slipway;
import dev.slipway.demo.Story;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Tells the story of a deployment with the real server and a small world around it. */
final class DemoCommand {
  private final PrintStream out;

  DemoCommand(PrintStream out) {
    this.out = out;
  }

  /**
   * @param once end with the story, instead of keeping the pages open until Ctrl-C
   * @return 0 only if everything went as it should
   */
  int run(boolean once, boolean colours) throws InterruptedException {
    // The story is the output; what goes wrong shows in it
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    ((Logger) LoggerFactory.getLogger("dev.slipway")).setLevel(Level.OFF);
    Outcome outcome = new Story(out, new RealSlipway(), colours).tell(once);
    return outcome.isGood() ? 0 : 1;
  }

  private static final class RealSlipway implements Slipway {
    @Override
    public Running start(Map<String, String> settings, Path folder) {
      return switch (Settings.load(settings, folder)) {
        case Settings.Loaded.Good(Settings good) -> running(Server.start(good));
        case Settings.Loaded.Bad(List<String> problems) ->
            throw new IllegalStateException(String.join("; ", problems));
      };
    }

    private static Running running(Server server) {
      return new Running() {
        @Override
        public URI address() {
          return server.address();
        }

        @Override
        public void close() {
          server.close();
        }
      };
    }
  }
}
