package io.billingsdk.server.ingest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much is kept as rows of what a sender sent and was refused: so many rows, with so many bytes,
 * an hour. Of what is beyond, one in a thousand is kept as a sample; all of it is counted. A few
 * megabytes of a sender are otherwise millions of rows. One for all lanes. Thread-safe.
 */
final class RowAllowance {
  /** Rows of a sender in an hour. */
  static final int ROWS = 10_000;

  /** Characters of their contents. */
  static final long CHARACTERS = 8L << 20;

  /** One of so many is kept beyond that. */
  static final int SAMPLED = 1_000;

  private static final long WINDOW_NANOS = 3_600_000_000_000L;

  /** More are forgotten, those first that were refused nothing for the longest time. */
  private static final int MOST_SENDERS = 10_000;

  private final LongSupplier nanos;

  // Guarded by this.
  private final Map<String, Used> used =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Used> eldest) {
          return size() > MOST_SENDERS;
        }
      };

  private static final class Used {
    private final long begunAt;
    private int rows;
    private long characters;
    private long beyond;

    Used(long begunAt) {
      this.begunAt = begunAt;
    }
  }

  RowAllowance() {
    this(System::nanoTime);
  }

  /** With a clock that never goes back. */
  RowAllowance(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether one more of a sender is kept, with so many characters. */
  synchronized boolean keeps(String sender, int characters) {
    long now = nanos.getAsLong();
    Used its = used.get(sender);
    if (its == null || now - its.begunAt >= WINDOW_NANOS) {
      its = new Used(now);
      used.put(sender, its);
    }
    if (its.rows < ROWS && its.characters + characters <= CHARACTERS) {
      its.rows++;
      its.characters += characters;
      return true;
    }
    return ++its.beyond % SAMPLED == 0;
  }
}
