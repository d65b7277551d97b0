package io.billingsdk.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is written while it comes to be: no thread waits for its reader. Written bytes
 * wait in memory, so a writer asks {@link #isFull()} before it writes more. Thread-safe.
 */
final class Outgoing {
  /** More than this is waited for to go. */
  static final int FULL_BYTES = 128 * 1024;

  private final Response response;
  private final Consumer<@Nullable Throwable> done;
  private final Object lock = new Object();
  private ByteArrayOutputStream waiting = new ByteArrayOutputStream(0);
  private Runnable onRoom = Outgoing::nothing;
  private boolean begun;
  private boolean writing;
  private boolean closed;
  private boolean over;

  /**
   * Of a request.
   *
   * @param done called once, when the last of it has gone, or with the reason why it cannot
   */
  Outgoing(Response response, Consumer<@Nullable Throwable> done) {
    this.response = response;
    this.done = done;
  }

  private static void nothing() {}

  /** Sends the head. */
  void begin() {
    synchronized (lock) {
      begun = true;
    }
    flush();
  }

  /** Adds bytes, unless it was closed, and sends what it can. */
  void write(byte[] bytes) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      waiting.write(bytes, 0, bytes.length);
    }
    flush();
  }

  /** Nothing more comes. */
  void close() {
    synchronized (lock) {
      closed = true;
    }
    flush();
  }

  /** Ends it in the middle, so that its reader sees that it is not whole. */
  void cut(Throwable why) {
    synchronized (lock) {
      if (over) {
        return;
      }
      over = true;
      closed = true;
      onRoom = Outgoing::nothing;
    }
    done.accept(why);
  }

  /** Whether its reader is behind. */
  boolean isFull() {
    synchronized (lock) {
      return waiting.size() >= FULL_BYTES;
    }
  }

  /** Runs something, once, when its reader has caught up. */
  void onRoom(Runnable action) {
    boolean now;
    synchronized (lock) {
      now = waiting.size() < FULL_BYTES;
      onRoom = now ? Outgoing::nothing : action;
    }
    if (now) {
      action.run();
    }
  }

  private void flush() {
    byte[] bytes;
    boolean last;
    synchronized (lock) {
      boolean nothing = !begun && !closed && waiting.size() == 0;
      if (writing || over || nothing) {
        return;
      }
      bytes = waiting.toByteArray();
      waiting = new ByteArrayOutputStream(0);
      last = closed;
      begun = false;
      writing = true;
      over = last;
    }
    response.write(
        last,
        ByteBuffer.wrap(bytes),
        Callback.from(() -> written(last), failure -> failed(failure)));
  }

  private void written(boolean last) {
    Runnable action;
    synchronized (lock) {
      writing = false;
      action = onRoom;
      onRoom = Outgoing::nothing;
    }
    if (last) {
      done.accept(null);
    } else {
      action.run();
      flush();
    }
  }

  private void failed(Throwable failure) {
    Runnable action;
    synchronized (lock) {
      writing = false;
      over = true;
      closed = true;
      action = onRoom;
      onRoom = Outgoing::nothing;
    }
    action.run();
    done.accept(failure);
  }
}
