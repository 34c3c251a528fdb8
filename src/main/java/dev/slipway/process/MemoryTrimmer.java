package dev.slipway.process;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the memory that the system sees near the memory that is used. A jar cannot carry options of
 * the JVM, but some can be set while it runs. Options that were given at the start stay as they
 * are.
 */
public final class MemoryTrimmer {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryTrimmer.class);

  private final HotSpotDiagnosticMXBean virtualMachine =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
  private final Optional<CLibrary> mallocTrim = CLibrary.function("malloc_trim");

  /**
   * Gives back the memory that only the start needed, and has the JVM give back more from now on.
   */
  public void settle() {
    set("MinHeapFreeRatio", "10");
    set("MaxHeapFreeRatio", "20");
    // Otherwise G1 gives nothing back while it has nothing to collect
    set("G1PeriodicGCInterval", "60000");
    System.gc();
    trim();
  }

  private void set(String option, String value) {
    try {
      if (virtualMachine.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT) {
        virtualMachine.setVMOption(option, value);
      }
    } catch (IllegalArgumentException otherJvm) {
      LOG.debug("This JVM does not let {} be set: {}", option, otherJvm.getMessage());
    }
  }

  /** Gives back the memory that the C library retains after compilers and SQLite freed it. */
  public void trim() {
    long _ = mallocTrim.map(trim -> trim.call(0, 0, 0)).orElse(0L);
  }
}
