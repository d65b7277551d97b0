package io.billingsdk.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A log of what messages of the broker's side cause: each kind of line once a minute, with how many
 * of them were left out before it. A sender gone bad does not fill the host's disk. Thread-safe.
 */
public final class MessageLog {
  private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Logger log;
  private final LongSupplier nanos;

  /** By the text without its values: of those there are few. */
  private final Map<String, Told> kinds = new ConcurrentHashMap<>();

  /** When it was logged last, and how many were left out since; guarded by itself. */
  private static final class Told {
    private boolean ever;
    private long atNanos;
    private long left;
  }

  /** Over a log. */
  public MessageLog(Logger log) {
    this(log, System::nanoTime);
  }

  MessageLog(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  /** A warning. */
  public void warn(String format, @Nullable Object... values) {
    long left = leftBefore(format);
    if (left >= 0) {
      log.warn(format + more(left), values);
    }
  }

  /** An error; a failure at the end of the values is shown with its trace. */
  public void error(String format, @Nullable Object... values) {
    long left = leftBefore(format);
    if (left >= 0) {
      log.error(format + more(left), values);
    }
  }

  private static String more(long left) {
    return left == 0 ? "" : " (… and " + left + " more until now)";
  }

  /** How many were left out before this one; -1: it is left out too. */
  private long leftBefore(String kind) {
    Told told = kinds.computeIfAbsent(kind, first -> new Told());
    synchronized (told) {
      long now = nanos.getAsLong();
      if (told.ever && now - told.atNanos < REST_NANOS) {
        told.left++;
        return -1;
      }
      long left = told.left;
      told.ever = true;
      told.atNanos = now;
      told.left = 0;
      return left;
    }
  }
}
