package io.billingsdk.server.statistics;

import io.billingsdk.server.http.ApiResponse.Streaming;
import io.billingsdk.server.http.LastingExchange;
import io.billingsdk.server.http.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;

/**
 * An export on its way: a part is read when the reader has taken the one before, so that a million
 * rows need no more room than a thousand. It has a thread only while it reads. Thread-safe.
 */
final class ExportStream implements Streaming {
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Iterator<byte[]> parts;
  private final LastingExchange exchange;
  private volatile boolean over;

  /**
   * A stream that has not begun.
   *
   * @param parts asked by one thread after another; throws when the next one cannot be read
   */
  ExportStream(Iterator<byte[]> parts, LastingExchange exchange) {
    this.parts = parts;
    this.exchange = exchange;
  }

  @Override
  public void begin() {
    exchange.begin();
    next();
  }

  private void next() {
    if (over) {
      return;
    }
    if (exchange.isFull()) {
      exchange.onRoom(this::next);
    } else if (!exchange.store(this::part)) {
      var unused = exchange.after(AGAIN, this::next);
    }
  }

  private synchronized void part() {
    if (over) {
      return;
    }
    try {
      if (parts.hasNext()) {
        exchange.write(parts.next());
        next();
      } else {
        over = true;
        exchange.close();
      }
    } catch (RuntimeException failed) {
      over = true;
      // Its reader must not take a part of it for all of it.
      exchange.cut(failed);
    }
  }

  @Override
  public void end(Problem why) {
    over = true;
    exchange.cut(new IOException(why.detail()));
  }

  @Override
  public void gone() {
    over = true;
  }
}
