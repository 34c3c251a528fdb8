package dev.slipway.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory, threads, garbage collection, processor time and open files of this process. The names are
 * those of the Prometheus Java client's own JVM metrics, so that dashboards for it work.
 */
final class JvmMetrics implements MultiCollector {
  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>(memory(ManagementFactory.getMemoryMXBean()));
    all.add(garbageCollection());
    all.add(
        Samples.gauge(
            "jvm_threads_current",
            "Platform threads of the JVM; virtual threads are not counted.",
            ManagementFactory.getThreadMXBean().getThreadCount()));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      all.add(
          Samples.counter(
              "process_cpu_seconds",
              "Processor time that the process has used.",
              system.getProcessCpuTime() / 1e9));
      all.add(
          Samples.gauge("process_open_fds", "Open files.", system.getOpenFileDescriptorCount()));
      all.add(
          Samples.gauge(
              "process_max_fds",
              "Most files that may be open.",
              system.getMaxFileDescriptorCount()));
    }
    return new MetricSnapshots(all);
  }

  private static List<MetricSnapshot> memory(MemoryMXBean memory) {
    MemoryUsage heap = memory.getHeapMemoryUsage();
    MemoryUsage nonHeap = memory.getNonHeapMemoryUsage();
    return List.of(
        byArea(
            "jvm_memory_used_bytes", "Memory in use, by area.", heap.getUsed(), nonHeap.getUsed()),
        byArea(
            "jvm_memory_committed_bytes",
            "Memory that the JVM has from the system, by area.",
            heap.getCommitted(),
            nonHeap.getCommitted()),
        byArea(
            "jvm_memory_max_bytes",
            "Most memory that an area may take; -1 without a limit.",
            heap.getMax(),
            nonHeap.getMax()));
  }

  private static MetricSnapshot byArea(String name, String help, long heap, long nonHeap) {
    GaugeSnapshot.Builder gauge = Samples.gauge(name, help);
    Samples.add(gauge, heap, "area", "heap");
    Samples.add(gauge, nonHeap, "area", "nonheap");
    return gauge.build();
  }

  private static MetricSnapshot garbageCollection() {
    SummarySnapshot.Builder summary =
        SummarySnapshot.builder()
            .name("jvm_gc_collection_seconds")
            .help("Time spent in garbage collection, by collector.");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      SummarySnapshot.Builder _ =
          summary.dataPoint(
              SummaryDataPointSnapshot.builder()
                  .count(collector.getCollectionCount())
                  .sum(collector.getCollectionTime() / 1000.0)
                  .labels(Labels.of("gc", collector.getName()))
                  .build());
    }
    return summary.build();
  }
}
