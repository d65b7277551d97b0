package io.billingsdk.peers;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What calls cost the thread that makes them. For that thread. */
final class CallTimes {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long[] nanos;
  private final long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
  private int calls;
  private int accepted;

  CallTimes(int most) {
    nanos = new long[most];
  }

  /** Makes a call. */
  boolean call(Reporter reporter, String id) {
    long begun = System.nanoTime();
    boolean isAccepted = reporter.report(id);
    nanos[calls] = System.nanoTime() - begun;
    calls++;
    if (isAccepted) {
      accepted++;
    }
    return isAccepted;
  }

  int accepted() {
    return accepted;
  }

  /** The figures, as {@code name=value}. */
  String line() {
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
    long[] sorted = Arrays.copyOf(nanos, calls);
    Arrays.sort(sorted);
    return "calls="
        + calls
        + " accepted="
        + accepted
        + " p50_ns="
        + sorted[calls / 2]
        + " p99_ns="
        + sorted[(int) (calls * 0.99)]
        + " bytes="
        + bytes / calls;
  }

  /** The most memory that this process has had, in MiB, as Linux counts it; 0 elsewhere. */
  static long peakMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
