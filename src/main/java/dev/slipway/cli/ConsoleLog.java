package dev.slipway.cli;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.OptionHelper;

/**
 * Logs to the console. Logback finds it before it looks for a file, and with it needs no XML. A
 * file that somebody else names or brings goes first.
 */
public final class ConsoleLog extends ContextAwareBase implements Configurator {
  // replace() keeps one event on its own lines: what came from outside cannot forge another
  public static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\",UTC} %-5level %logger{0} - %replace(%msg){'[\\r\\n]+', ' ⏎"
          + " '}%n%replace(%ex{20}){'[\\r\\n]++(?!\\t|Caused by: |$)', ' ⏎ '}";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null
        || ConsoleLog.class.getResource("/" + ClassicConstants.TEST_AUTOCONFIG_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("console");
    console.setEncoder(encoder);
    console.start();
    String level = OptionHelper.getEnv("SLIPWAY_LOG_LEVEL");
    context.getLogger("dev.slipway").setLevel(Level.toLevel(level, Level.INFO));
    context.getLogger("org.apache.sshd").setLevel(Level.ERROR);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
