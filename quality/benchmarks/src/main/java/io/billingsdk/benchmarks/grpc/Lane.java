package io.billingsdk.benchmarks.grpc;

import com.sun.management.ThreadMXBean;
import io.grpc.Status;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** One kind of call, and what its rounds took. */
final class Lane {
  private final EchoServer server;
  private final String apiKey;
  private final Status.Code expected;
  private final double[] nanosPerCall;
  private long bytes;

  Lane(EchoServer server, String apiKey, Status.Code expected, int rounds) {
    this.server = server;
    this.apiKey = apiKey;
    this.expected = expected;
    this.nanosPerCall = new double[rounds];
  }

  void round(int round, int calls) throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytesBefore = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      Status.Code code = server.call(apiKey);
      if (code != expected) {
        throw new IllegalStateException("the call ended with " + code + ", not " + expected);
      }
    }
    if (round >= 0) {
      nanosPerCall[round] = (System.nanoTime() - start) / (double) calls;
      bytes += threads.getCurrentThreadAllocatedBytes() - bytesBefore;
    }
  }

  /** To another lane's calls. */
  double added(Lane other) {
    double[] differences = new double[nanosPerCall.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = nanosPerCall[i] - other.nanosPerCall[i];
    }
    return quantile(differences, 0.5);
  }

  double median() {
    return quantile(nanosPerCall, 0.5);
  }

  double p90() {
    return quantile(nanosPerCall, 0.9);
  }

  /** Of the calling thread: all of a call in process, the client's part over Netty. */
  double bytesPerCall(int calls) {
    return bytes / (double) calls;
  }

  private static double quantile(double[] values, double q) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (q * (sorted.length - 1))];
  }
}
