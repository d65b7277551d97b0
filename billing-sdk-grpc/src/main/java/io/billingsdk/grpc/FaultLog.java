package io.billingsdk.grpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of failures that no call may show. A library that is missing fails on every call, so a kind
 * of failure is logged once, or, where each one costs something, the first, tenth, hundredth time
 * and so on. Thread-safe; throws nothing.
 */
final class FaultLog {
  private static final Logger log = LoggerFactory.getLogger(Revocations.LOGGER);

  /** Places times classes of failures; more there are not, unless somebody makes classes. */
  private static final int MAX_KINDS = 200;

  private final Map<String, AtomicLong> kinds = new ConcurrentHashMap<>();

  /**
   * Tells of the first of its kind.
   *
   * @param what happened because of it, for example {@code "a call was refused"}
   */
  void once(String what, Throwable failed) {
    try {
      if (count(what, failed) == 1) {
        tell(what + " (logged once)", failed);
      }
    } catch (RuntimeException | Error worse) {
      // Of the logging, or for want of memory: the call comes first.
    }
  }

  /** Tells of the first, tenth, hundredth and so on of its kind, and how many there were. */
  void counting(String what, Throwable failed) {
    try {
      long count = count(what, failed);
      if (isTold(count)) {
        tell(what + " (" + count + " so far)", failed);
      }
    } catch (RuntimeException | Error worse) {
      // As above.
    }
  }

  private long count(String what, Throwable failed) {
    String kind = what + failed.getClass().getName();
    if (kinds.size() >= MAX_KINDS && !kinds.containsKey(kind)) {
      return 0;
    }
    return kinds.computeIfAbsent(kind, first -> new AtomicLong()).incrementAndGet();
  }

  private static void tell(String what, Throwable failed) {
    if (failed instanceof LinkageError && !(failed instanceof ExceptionInInitializerError)) {
      log.error("{}: a library is missing or has another version", what, failed);
    } else {
      // Without its message, which is somebody else's and may hold a key.
      log.error("{}: {} at {}", what, failed.getClass().getName(), placeOf(failed));
    }
  }

  private static boolean isTold(long count) {
    long rest = count;
    while (rest > 0 && rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }

  private static String placeOf(Throwable failed) {
    StackTraceElement[] trace = failed.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
  }
}
