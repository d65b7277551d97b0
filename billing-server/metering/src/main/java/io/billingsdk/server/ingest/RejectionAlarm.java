package io.billingsdk.server.ingest;

import io.billingsdk.server.ingest.IncomingEvent.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what is refused, a line a minute for each reason: at once and as an error when it
 * is most of what comes, since then no single instance is to blame. Thread-safe.
 */
final class RejectionAlarm {
  private static final Logger log = LoggerFactory.getLogger(RejectionAlarm.class);
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  /** Most of less is one instance's mistake. */
  private static final int LEAST = 5;

  private final LongSupplier nanos;

  // All guarded by this.
  private final Map<String, RejectedCount> refused = new TreeMap<>();
  private long events;
  private long begunNanos;

  /** Of one reason, in a minute. */
  private static final class RejectedCount {
    private final @Nullable String instance;
    private long events;
    private boolean told;

    RejectedCount(@Nullable String instance) {
      this.instance = instance;
    }
  }

  RejectionAlarm() {
    this(System::nanoTime);
  }

  RejectionAlarm(LongSupplier nanos) {
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
  }

  /** Entries whose fate is committed. */
  synchronized void stored(List<IncomingEvent> entries) {
    long now = nanos.getAsLong();
    if (now - begunNanos >= WINDOW_NANOS) {
      refused.forEach((code, each) -> tell(code, each, /* most= */ false));
      refused.clear();
      events = 0;
      begunNanos = now;
    }
    events += entries.size();
    for (IncomingEvent each : entries) {
      // Conflicts are logged by themselves.
      if (each.fate() == Fate.REJECTED && !each.code().equals("CONFLICT")) {
        refused.computeIfAbsent(each.code(), first -> new RejectedCount(each.instance())).events++;
      }
    }
    refused.forEach(
        (code, each) -> {
          if (events >= LEAST && each.events * 2 > events) {
            tell(code, each, /* most= */ true);
          }
        });
  }

  private void tell(String code, RejectedCount what, boolean most) {
    if (what.told) {
      return;
    }
    what.told = true;
    String from = what.instance == null ? "an instance without a name" : what.instance;
    if (most) {
      log.error(
          "{} of the last {} events are refused: {}, the first from {}; they are kept, see: billing"
              + " rejected list --code {}",
          what.events,
          events,
          code,
          from,
          code);
    } else {
      log.warn(
          "{} of {} events of a minute were refused: {}, the first from {}; they are kept, see:"
              + " billing rejected list --code {}",
          what.events,
          events,
          code,
          from,
          code);
    }
  }
}
