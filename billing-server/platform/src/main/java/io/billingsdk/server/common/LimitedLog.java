package io.billingsdk.server.common;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A log of what messages of others cause: of each kind a few lines a minute, then one line that
 * says how many more there were. One client cannot fill the disk by it, nor hide other kinds.
 * Thread-safe.
 */
public final class LimitedLog {
  /** Lines of one kind in a minute. */
  static final int MOST_LINES = 5;

  static final long WINDOW_SECONDS = 60;

  /** Of the whole process, as its log is. */
  private static final Map<LogKind, LongAdder> LEFT_OUT = new ConcurrentHashMap<>();

  private static final LongAdder NONE = new LongAdder();

  /** What a line is about; the label of the metric. */
  public enum LogKind {
    /** A message with usage that cannot be read. */
    MALFORMED_USAGE("malformed-usage"),
    /** An event under the identity of another one. */
    CONFLICT("conflict"),
    /** Usage that the database refuses. */
    REFUSED_USAGE("refused-usage"),
    /** A sign of life or a request for keys that cannot be answered. */
    CONTROL("control"),
    /** A key that cannot be read. */
    KEYS("keys"),
    /** A message that a defect of ours kept from being handled. */
    DEFECT("defect"),
    /** A request of HTTP that failed. */
    HTTP("http"),
    /** A client that the own broker refused. */
    REFUSED_CLIENT("refused-client");

    private final String label;

    LogKind(String label) {
      this.label = label;
    }

    /** As metrics name it. */
    public String label() {
      return label;
    }

    /** Lines that were left out since the process began. */
    public long leftOut() {
      return LEFT_OUT.getOrDefault(this, NONE).sum();
    }

    /** Counts lines that another limit left out. */
    public void leaveOut(long lines) {
      LEFT_OUT.computeIfAbsent(this, first -> new LongAdder()).add(lines);
    }
  }

  /** Does something later, on a thread of its own. */
  @FunctionalInterface
  interface Later {
    void after(long seconds, Runnable task);
  }

  /** One thread for all logs of the process, which ends when it has nothing to do. */
  private static final ScheduledExecutorService TIMER = timer();

  private final Logger log;
  private final Later later;
  private final Map<LogKind, Window> windows = new EnumMap<>(LogKind.class);

  /** The minute that the first line of a kind began. */
  private static final class Window {
    private int said;
    private long left;
  }

  /** Over a log. */
  public LimitedLog(Logger log) {
    this(
        log,
        (seconds, task) -> {
          var unused = TIMER.schedule(task, seconds, TimeUnit.SECONDS);
        });
  }

  LimitedLog(Logger log, Later later) {
    this.log = log;
    this.later = later;
  }

  /** A warning. */
  public void warn(LogKind kind, String format, @Nullable Object... values) {
    if (mayTell(kind)) {
      log.warn(format, values);
    }
  }

  /** An error; a failure at the end of the values is shown with its trace. */
  public void error(LogKind kind, String format, @Nullable Object... values) {
    if (mayTell(kind)) {
      log.error(format, values);
    }
  }

  private boolean mayTell(LogKind kind) {
    synchronized (windows) {
      Window window = windows.get(kind);
      if (window == null) {
        window = new Window();
        windows.put(kind, window);
        later.after(WINDOW_SECONDS, () -> end(kind));
      }
      if (window.said < MOST_LINES) {
        window.said++;
        return true;
      }
      window.left++;
    }
    kind.leaveOut(1);
    return false;
  }

  private void end(LogKind kind) {
    Window ended;
    synchronized (windows) {
      ended = windows.remove(kind);
    }
    if (ended != null && ended.left > 0) {
      log.warn(
          "… and {} more lines of the kind {} within {} s, left out",
          ended.left,
          kind.label,
          WINDOW_SECONDS);
    }
  }

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "billing-limited-log");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(2 * WINDOW_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }
}
