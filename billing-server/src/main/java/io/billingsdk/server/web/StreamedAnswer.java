package io.billingsdk.server.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lines of JSON, of which one is the last. Thread-safe; a reader that is slow holds writers up. */
final class StreamedAnswer {
  /** Who ends it from outside waits no longer for a writer that its reader holds up. */
  private static final long PATIENCE_SECONDS = 1;

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean ended;

  StreamedAnswer(OutputStream out) {
    this.out = out;
  }

  /** Adds lines and sends them, unless the last one has gone. */
  void write(Iterable<?> lines) throws IOException {
    lock.lock();
    try {
      send(lines);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends the last line, unless one has gone.
   *
   * @return whether this one has
   */
  boolean end(Object line) throws IOException {
    lock.lock();
    try {
      return last(line);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The same, for somebody who must not be held up.
   *
   * @return false too when it could not be sent in about a second
   */
  boolean endSoon(Object line) throws IOException, InterruptedException {
    if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      return false;
    }
    try {
      return last(line);
    } finally {
      lock.unlock();
    }
  }

  private boolean last(Object line) throws IOException {
    if (ended) {
      return false;
    }
    send(List.of(line));
    ended = true;
    // The answer is whole then, though the request is not.
    out.close();
    return true;
  }

  private void send(Iterable<?> lines) throws IOException {
    if (ended) {
      return;
    }
    for (Object each : lines) {
      out.write(Json.bytes(each));
      out.write('\n');
    }
    out.flush();
  }
}
