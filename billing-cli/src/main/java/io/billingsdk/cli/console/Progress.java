package io.billingsdk.cli.console;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a command has come, in one line of stderr that is written again and again, and that is
 * gone when the command has ended. Shows nothing unless stderr is a terminal. For one thread.
 */
public final class Progress implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();
  private static final double NANOS = 1e9;
  private static final int BAR = 20;
  private static final String CLEAR = "\r\033[K";
  private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB"};
  private static final double KILO = 1_000;

  private final PrintWriter err;
  private final boolean shown;
  private final String unit;
  private final LongSupplier nanos;
  private final long begun;
  private long done;
  private long total;
  private long drawn;

  private Progress(PrintWriter err, boolean shown, String unit, LongSupplier nanos) {
    this.err = err;
    this.shown = shown;
    this.unit = unit;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.drawn = begun;
  }

  /** Of things of a kind, of bytes if that is called {@code bytes}. */
  public static Progress of(String unit, PrintWriter err) {
    return of(unit, err, Terminal.ofProcess(), System::nanoTime);
  }

  static Progress of(String unit, PrintWriter err, Terminal terminal, LongSupplier nanos) {
    return new Progress(err, terminal.progress(), unit, nanos);
  }

  /** More of them are done. */
  public void add(long more) {
    at(done + more);
  }

  /** So many of them are done. */
  public void at(long now) {
    at(now, 0);
  }

  /**
   * So many of them are done, of so many.
   *
   * @param all 0 when nobody knows
   */
  public void at(long now, long all) {
    done = now;
    total = all;
    if (shown && nanos.getAsLong() - drawn >= PAUSE_NANOS) {
      drawn = nanos.getAsLong();
      err.print(CLEAR + line());
      err.flush();
    }
  }

  /** Makes room for a line of another kind: it would else stand behind the progress. */
  public void clear() {
    if (shown && drawn != begun) {
      err.print(CLEAR);
      err.flush();
    }
  }

  @Override
  public void close() {
    clear();
  }

  private String line() {
    double seconds = (drawn - begun) / NANOS;
    String said =
        String.format(
            Locale.ROOT,
            "  %s, %s/s, %d:%02d",
            amount(done),
            amount(Math.round(done / seconds)),
            (long) seconds / 60,
            (long) seconds % 60);
    return total <= 0 ? said : said + bar(Math.min(1, (double) done / total));
  }

  private static String bar(double part) {
    int full = (int) (part * BAR);
    return String.format(
        Locale.ROOT, "  [%s%s] %d%%", "#".repeat(full), ".".repeat(BAR - full), (int) (part * 100));
  }

  private String amount(long number) {
    if (!unit.equals("bytes")) {
      return String.format(Locale.ROOT, "%,d %s", number, unit);
    }
    double size = number;
    int power = 0;
    while (size >= KILO && power < BYTES.length - 1) {
      size /= KILO;
      power++;
    }
    return String.format(Locale.ROOT, power == 0 ? "%.0f %s" : "%.1f %s", size, BYTES[power]);
  }
}
