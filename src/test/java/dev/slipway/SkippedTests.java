package dev.slipway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * Counts the tests that were skipped, and why: all of a class, too, when it gave up before its
 * first test. JUnit finds it by its name in {@code META-INF/services}; what it counted is told at
 * the end of {@code mvn verify} by {@link SkipSummary}.
 */
public final class SkippedTests implements TestWatcher, LifecycleMethodExecutionExceptionHandler {
  @Override
  public void testAborted(ExtensionContext test, @Nullable Throwable cause) {
    count(test, 1, cause == null ? "no reason given" : String.valueOf(cause.getMessage()));
  }

  @Override
  public void testDisabled(ExtensionContext test, Optional<String> reason) {
    count(test, 1, reason.orElse("no reason given"));
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext tests, Throwable cause)
      throws Throwable {
    if (cause instanceof TestAbortedException) {
      long all =
          Arrays.stream(tests.getRequiredTestClass().getDeclaredMethods())
              .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
              .count();
      count(tests, all, String.valueOf(cause.getMessage()));
    }
    throw cause;
  }

  private static synchronized void count(ExtensionContext where, long tests, String reason) {
    String words =
        reason.replaceFirst("^Assumption failed: ", "").lines().findFirst().orElse(reason);
    try {
      Files.createDirectories(SkipSummary.FILE.resolveSibling(""));
      Files.writeString(
          SkipSummary.FILE,
          tests + "\t" + words + "\t" + where.getUniqueId() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
