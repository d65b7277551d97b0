package io.billingsdk.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content.Chunk;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it comes: kept until it is whole, handed on in parts, or read over. No
 * thread waits for it. Each of these ways ends the one before. Thread-safe.
 */
final class Body {
  private static final long CHECK_MILLIS = 250;

  private final Request sent;
  private final Pools pools;
  private final Object lock = new Object();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private Runnable onMore = Body::nothing;
  private boolean demanded;
  private boolean ended;
  private boolean readOver;
  private boolean closed;
  private @Nullable Chunk part;
  private @Nullable Future<?> clock;

  Body(Request sent, Pools pools) {
    this.sent = sent;
    this.pools = pools;
  }

  private static void nothing() {}

  /** How it came. */
  enum End {
    /** All of it. */
    WHOLE,
    /** It has more bytes than it may. */
    TOO_LONG,
    /** It came more slowly than it may. */
    TOO_SLOW,
    /** It was cut, or is no HTTP. */
    BROKEN
  }

  /** Whether nothing of it is left. */
  boolean hasEnded() {
    synchronized (lock) {
      return ended;
    }
  }

  /** The request has ended: nothing is asked of it from now on. */
  void close() {
    synchronized (lock) {
      closed = true;
      ended = true;
      onMore = Body::nothing;
      if (part != null) {
        part.release();
        part = null;
      }
    }
    stopClock();
  }

  /** Its kept bytes. */
  byte[] bytes() {
    synchronized (lock) {
      return kept.toByteArray();
    }
  }

  /** Keeps it until it is whole, and says how that ended, once and on any thread. */
  void keep(int most, Pace pace, Consumer<End> done) {
    Keeping keeping = new Keeping(most, pace, done);
    keeping.goOn();
  }

  private final class Keeping {
    private final int most;
    private final Pace pace;
    private final Consumer<End> done;
    private final long since = System.nanoTime();
    private boolean over;

    Keeping(int most, Pace pace, Consumer<End> done) {
      this.most = most;
      this.pace = pace;
      this.done = done;
    }

    void goOn() {
      End end;
      synchronized (lock) {
        if (over || closed) {
          return;
        }
        end = read();
        over = end != null;
        if (!over && clock == null) {
          clock = pools.every(Duration.ofMillis(CHECK_MILLIS), this::check);
        }
      }
      if (end != null) {
        finish(end);
      } else {
        demand(this::goOn);
      }
    }

    private @Nullable End read() {
      for (Chunk chunk = sent.read(); chunk != null; chunk = sent.read()) {
        if (Chunk.isFailure(chunk)) {
          ended = true;
          return End.BROKEN;
        }
        take(chunk.getByteBuffer());
        ended = chunk.isLast();
        chunk.release();
        if (kept.size() > most) {
          return End.TOO_LONG;
        }
        if (ended) {
          return End.WHOLE;
        }
      }
      return null;
    }

    private void take(ByteBuffer bytes) {
      byte[] copy = new byte[Math.min(bytes.remaining(), most + 1 - kept.size())];
      bytes.get(copy);
      kept.write(copy, 0, copy.length);
    }

    private void check() {
      synchronized (lock) {
        if (over || pace.isKept(kept.size(), System.nanoTime() - since)) {
          return;
        }
        over = true;
      }
      finish(End.TOO_SLOW);
    }

    private void finish(End end) {
      stopClock();
      done.accept(end);
    }
  }

  /**
   * The next bytes, of those that are there.
   *
   * @return how many; 0 when there are none just now, -1 at the end
   * @throws IOException when it was cut, or is no HTTP
   */
  int read(byte[] buffer) throws IOException {
    synchronized (lock) {
      while (!ended) {
        Chunk chunk = part == null ? sent.read() : part;
        part = null;
        if (chunk == null) {
          return 0;
        }
        if (Chunk.isFailure(chunk)) {
          ended = true;
          throw new IOException(String.valueOf(chunk.getFailure()));
        }
        ByteBuffer bytes = chunk.getByteBuffer();
        int read = Math.min(bytes.remaining(), buffer.length);
        bytes.get(buffer, 0, read);
        if (bytes.hasRemaining()) {
          part = chunk;
        } else {
          ended = chunk.isLast();
          chunk.release();
        }
        if (read > 0) {
          return read;
        }
      }
      return -1;
    }
  }

  /** Runs something once there is more of it, or its end; on a thread that must not wait. */
  void more(Runnable action) {
    synchronized (lock) {
      if (readOver) {
        return;
      }
    }
    demand(action);
  }

  private void demand(Runnable action) {
    // Within the lock: of a request that has ended Jetty knows no body, and fails.
    synchronized (lock) {
      onMore = action;
      if (demanded || closed) {
        return;
      }
      demanded = true;
      sent.demand(this::hasMore);
    }
  }

  private void hasMore() {
    Runnable action;
    synchronized (lock) {
      demanded = false;
      action = onMore;
    }
    action.run();
  }

  /**
   * Reads over the rest of it: otherwise a caller that still sends loses the answer with the
   * connection. It is not waited for longer than so long.
   *
   * @param done called once, with whether it has ended
   */
  void readOver(Duration patience, Consumer<Boolean> done) {
    Over over = new Over(done);
    over.begin(patience);
  }

  private final class Over {
    private final Consumer<Boolean> done;
    private boolean over;

    Over(Consumer<Boolean> done) {
      this.done = done;
    }

    void begin(Duration patience) {
      stopClock();
      synchronized (lock) {
        readOver = true;
      }
      goOn();
      synchronized (lock) {
        if (!over) {
          clock = pools.after(patience, () -> finish(/* atEnd= */ false));
        }
      }
    }

    private void goOn() {
      boolean atEnd;
      synchronized (lock) {
        if (over) {
          return;
        }
        atEnd = skip();
      }
      if (atEnd) {
        finish(/* atEnd= */ true);
      } else {
        demand(this::goOn);
      }
    }

    private boolean skip() {
      if (part != null) {
        ended = part.isLast();
        part.release();
        part = null;
      }
      while (!ended) {
        Chunk chunk = sent.read();
        if (chunk == null) {
          return false;
        }
        ended = chunk.isLast() || Chunk.isFailure(chunk);
        chunk.release();
      }
      return true;
    }

    private void finish(boolean atEnd) {
      synchronized (lock) {
        if (over) {
          return;
        }
        over = true;
        onMore = Body::nothing;
      }
      stopClock();
      done.accept(atEnd);
    }
  }

  private void stopClock() {
    synchronized (lock) {
      if (clock != null) {
        boolean unused = clock.cancel(/* mayInterruptIfRunning= */ false);
        clock = null;
      }
    }
  }

  /**
   * How slowly a body may come.
   *
   * @param bytesPerSecond from its beginning
   * @param grace after which that is looked at
   */
  record Pace(int bytesPerSecond, Duration grace) {
    boolean isKept(long bytes, long nanos) {
      double counted = (double) (nanos - grace.toNanos()) / TimeUnit.SECONDS.toNanos(1);
      return bytes >= counted * bytesPerSecond;
    }
  }
}
