package io.billingsdk.server.db;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a postmaster is ended: its sessions are, then it writes what is left and goes. */
final class Signals {
  private static final long FAST_SECONDS = 60;
  private static final long IMMEDIATE_SECONDS = 10;
  private static final long ORPHAN_SECONDS = 5;

  private Signals() {}

  /**
   * Ends it; returns when it is gone.
   *
   * @throws IOException when it does not go
   */
  static void end(ProcessHandle postmaster) throws IOException {
    // Java has SIGTERM alone, on which PostgreSQL waits until all its clients have gone.
    send(postmaster, "INT");
    if (!isGone(postmaster, FAST_SECONDS)) {
      // Without a checkpoint: the next start replays the log.
      send(postmaster, "QUIT");
      if (!isGone(postmaster, IMMEDIATE_SECONDS)) {
        throw new IOException("PostgreSQL does not end: process " + postmaster.pid());
      }
    }
  }

  /** Ends a session whose postmaster has gone; it holds what the next one needs. */
  static void endOrphan(ProcessHandle session) throws IOException {
    send(session, "QUIT");
    if (!isGone(session, ORPHAN_SECONDS)) {
      var unused = session.destroyForcibly();
      if (!isGone(session, ORPHAN_SECONDS)) {
        throw new IOException("a session of PostgreSQL does not end: process " + session.pid());
      }
    }
  }

  private static void send(ProcessHandle to, String signal) throws IOException {
    if (!to.isAlive()) {
      return;
    }
    // A shell has kill built in; the program of that name is not on every system.
    Process shell =
        new ProcessBuilder(
                "/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, Long.toString(to.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean sent = isDone(shell.onExit(), IMMEDIATE_SECONDS) && shell.exitValue() == 0;
    if (!sent && to.isAlive()) {
      throw new IOException("PostgreSQL cannot be stopped: process " + to.pid());
    }
  }

  private static boolean isGone(ProcessHandle process, long seconds) throws IOException {
    return isDone(process.onExit(), seconds);
  }

  /** Waits through an interruption: a half-stopped process would hold up the next start. */
  private static boolean isDone(CompletableFuture<?> end, long seconds) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          var unused = end.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
          return true;
        } catch (InterruptedException again) {
          interrupted = true;
        } catch (TimeoutException stillThere) {
          return false;
        } catch (ExecutionException failed) {
          throw new IOException("cannot wait for the end of a process", failed);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
