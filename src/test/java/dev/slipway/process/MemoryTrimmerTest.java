package dev.slipway.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is set from inside, as a jar cannot carry options. */
class MemoryTrimmerTest {
  private final HotSpotDiagnosticMXBean virtualMachine =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
  private final Map<String, String> before =
      List.of("MaxHeapFreeRatio", "MinHeapFreeRatio", "G1PeriodicGCInterval").stream()
          .collect(Collectors.toMap(option -> option, this::value));

  private String value(String option) {
    return virtualMachine.getVMOption(option).getValue();
  }

  private void set(String option) {
    virtualMachine.setVMOption(option, before.get(option));
  }

  @AfterEach
  void asBefore() {
    set("MaxHeapFreeRatio");
    set("MinHeapFreeRatio");
    set("G1PeriodicGCInterval");
  }

  @Test
  void the_heap_keeps_little_that_is_free_where_nobody_said_something_else() {
    virtualMachine.setVMOption("G1PeriodicGCInterval", "12345");

    new MemoryTrimmer().settle();

    assertThat(value("MinHeapFreeRatio")).isEqualTo("10");
    assertThat(value("MaxHeapFreeRatio")).isEqualTo("20");
    assertThat(value("G1PeriodicGCInterval")).isEqualTo("12345");
  }
}
