package dev.slipway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.demo.SlipwayLauncher;
import dev.slipway.demo.Story;
import dev.slipway.demo.StoryTiming;
import dev.slipway.demo.Terminal;
import dev.slipway.server.Server;
import dev.slipway.time.SystemTime;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows deployments with the real server and fakes of GitHub, Render and Qovery around it. */
@Command(
    name = "demo",
    description = "Show the whole flow without any account, and keep the log pages open.")
final class DemoCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--once", description = "End after the last scene, without waiting for Ctrl-C.")
  private boolean once;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    // The story is the output; what goes wrong shows in it
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    ((Logger) LoggerFactory.getLogger("dev.slipway")).setLevel(Level.OFF);
    CountDownLatch cleanedUp = new CountDownLatch(1);
    onCtrlC(Thread.currentThread(), cleanedUp);
    try (TemporaryDirectory folder = TemporaryDirectory.named("slipway-demo")) {
      Story story =
          new Story(
              new RealSlipway(),
              new Terminal(context.out(), context.hasColours()),
              folder.path(),
              new SystemTime(),
              StoryTiming.DEMO);
      return story.run(once).isGood() ? 0 : 1;
    } finally {
      cleanedUp.countDown();
    }
  }

  /** Ctrl-C ends the story in good order: servers stopped, commands ended, the folder removed. */
  private static void onCtrlC(Thread teller, CountDownLatch cleanedUp) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  teller.interrupt();
                  try {
                    boolean _ = cleanedUp.await(10, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "end-of-demo"));
  }

  private static final class RealSlipway implements SlipwayLauncher {
    @Override
    public Running start(Map<String, String> settings, Path folder) {
      return switch (ConfigurationReader.load(settings, folder)) {
        case Configuration.Loaded.Good(Configuration good) -> running(Server.start(good));
        case Configuration.Loaded.Bad(List<String> problems) ->
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
