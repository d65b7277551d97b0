package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts our PostgreSQL again when it ends without us: the kernel kills what takes most memory, and
 * PostgreSQL itself ends when its log cannot be written. It comes back at the same port, and
 * waiting threads go on. After {@value #TRIES} starts in a row it gives up, and says so.
 *
 * <p>Thread-safe.
 */
final class Revival implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Revival.class);

  /** Some two minutes in all. */
  static final int TRIES = 10;

  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LAST_PAUSE_MILLIS = 30_000;

  /** One that worked for so long is no failed start. */
  private static final long WORKED_SECONDS = 60;

  /** A postmaster that ends is given a minute for it. */
  private static final long CLOSE_SECONDS = 90;

  /** Starts PostgreSQL where it was. */
  @FunctionalInterface
  interface Start {
    /** Returns when it takes connections. */
    Postmaster again(int port) throws IOException;
  }

  /** Waits. */
  @FunctionalInterface
  interface Pause {
    /** For so long. */
    void millis(long millis) throws InterruptedException;
  }

  private final Start start;
  private final Pause pause;
  private final Consumer<String> givenUp;
  private final AtomicLong revived = new AtomicLong();
  private final Thread thread = new Thread(this::watch, "billing-postgresql");
  private volatile Postmaster current;
  private volatile boolean closing;

  /**
   * Of one that works.
   *
   * @param givenUp hears, once, why it is not started again
   */
  Revival(Postmaster working, Start start, Consumer<String> givenUp) {
    this(working, start, Thread::sleep, givenUp);
  }

  Revival(Postmaster working, Start start, Pause pause, Consumer<String> givenUp) {
    this.current = working;
    this.start = start;
    this.pause = pause;
    this.givenUp = givenUp;
    thread.setDaemon(true);
  }

  void watchFromNowOn() {
    thread.start();
  }

  /** How often it was started again. */
  long revived() {
    return revived.get();
  }

  private void watch() {
    int tries = 0;
    try {
      while (!closing) {
        long begun = System.nanoTime();
        int code = current.awaitEnd();
        if (closing) {
          return;
        }
        boolean worked = System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(WORKED_SECONDS);
        tries = revive(worked ? 0 : tries, ending(code));
        if (tries > TRIES) {
          return;
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private static String ending(int code) {
    return code > 128 ? "signal " + (code - 128) : "exit code " + code;
  }

  /** Tries until it runs; returns how many tries there were since it last worked. */
  private int revive(int before, String ending) throws InterruptedException {
    log.error("PostgreSQL has ended by itself ({}); the server starts it again", ending);
    int tries = before;
    String why = "it ended again and again, by " + ending;
    while (!closing) {
      tries++;
      if (tries > TRIES) {
        givenUp.accept(why);
        return tries;
      }
      if (tries > 1) {
        pause.millis(pauseMillis(tries - 1));
      }
      Optional<String> failed = tryOnce(tries);
      if (failed.isEmpty()) {
        return tries;
      }
      why = failed.get();
    }
    return tries;
  }

  static long pauseMillis(int failures) {
    return Math.min(LAST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 16));
  }

  /** Why it does not run; empty when it does. */
  private Optional<String> tryOnce(int number) {
    long begun = System.nanoTime();
    try {
      current = start.again(current.port());
      revived.incrementAndGet();
      log.warn(
          "PostgreSQL works again, {} ms after start {} of at most {}",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
          number,
          TRIES);
      return Optional.empty();
    } catch (IOException | RuntimeException failed) {
      String why = InstallationException.reason(failed);
      if (!closing) {
        log.error("PostgreSQL cannot be started, try {} of {}: {}", number, TRIES, why);
      }
      return Optional.of(why);
    }
  }

  /** Ends it for good: it is not started again, also when it is about to be. */
  @Override
  public void close() throws IOException {
    closing = true;
    thread.interrupt();
    boolean interrupted = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException stopped) {
      interrupted = true;
    }
    current.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
