package io.billingsdk.server.broker;

import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient.Reason;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.LimitedLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Says in the log refusals of clients by the server's own broker, by reason, and why, and counts it
 * by kind. The same is said once a minute with how often it happened. A source, which is an address
 * and a user that is known, has {@value #SOURCE_LINES} lines a minute, so that it hides no other;
 * all have {@value #MOST_LINES}, so that many that come again and again do not fill the disk; and
 * {@value #SOURCES} sources are remembered. Never a password. Thread-safe.
 */
final class RefusedClientLog implements Consumer<RefusedClient> {
  static final int MOST_LINES = 60;
  static final int SOURCE_LINES = 10;
  static final int SOURCES = 1_000;

  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final Consumer<String> lines;
  private final RefusedClientText texts;
  private final Counts counts;
  private final LongSupplier nanos;

  // Guarded by this.
  private final Map<String, SaidRefusal> said = new LinkedHashMap<>();
  private final Map<String, RefusalSource> sources = new LinkedHashMap<>();
  private long minuteBegan;
  private int saidInMinute;
  private long unsaid;

  /** The last line, its time, and how often it happened since. */
  private static final class SaidRefusal {
    private final long at;
    private long more;

    SaidRefusal(long at) {
      this.at = at;
    }
  }

  /** Of the minute that runs. */
  private static final class RefusalSource {
    private int lines;
    private long unsaid;
  }

  /**
   * Over a log.
   *
   * @param lines takes a line
   * @param revoked whether an instance of a name was there once, and was revoked
   * @param counts counts each refusal
   * @param nanos a clock that never goes back
   */
  RefusedClientLog(
      Consumer<String> lines, Predicate<String> revoked, Counts counts, LongSupplier nanos) {
    this.lines = lines;
    this.texts = new RefusedClientText(revoked);
    this.counts = counts;
    this.nanos = nanos;
    this.minuteBegan = nanos.getAsLong();
  }

  /** The label of the metric. */
  static String kind(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public void accept(RefusedClient refused) {
    counts.add(Family.REFUSED_CLIENTS, kind(refused.reason()));
    String line = texts.of(refused);
    synchronized (this) {
      SaidRefusal before = said.get(line);
      if (before != null) {
        before.more++;
        return;
      }
      if (!mayTell(texts.source(refused))) {
        LimitedLog.LogKind.REFUSED_CLIENT.leaveOut(1);
        return;
      }
      said.put(line, new SaidRefusal(nanos.getAsLong()));
    }
    lines.accept(line);
  }

  private boolean mayTell(String name) {
    RefusalSource source = sources.get(name);
    if (source == null && saidInMinute < MOST_LINES && sources.size() < SOURCES) {
      source = new RefusalSource();
      sources.put(name, source);
    }
    if (source == null) {
      unsaid++;
      return false;
    }
    if (saidInMinute >= MOST_LINES || source.lines >= SOURCE_LINES) {
      source.unsaid++;
      return false;
    }
    source.lines++;
    saidInMinute++;
    return true;
  }

  /** Says what has become due; to be called every second or so. */
  void tick() {
    due().forEach(lines);
  }

  private synchronized List<String> due() {
    long now = nanos.getAsLong();
    List<String> due = new ArrayList<>();
    Iterator<Map.Entry<String, SaidRefusal>> each = said.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, SaidRefusal> next = each.next();
      if (now - next.getValue().at >= MINUTE_NANOS) {
        if (next.getValue().more > 0) {
          due.add(next.getKey() + " (… and " + next.getValue().more + " more within a minute)");
        }
        each.remove();
      }
    }
    if (now - minuteBegan >= MINUTE_NANOS) {
      endMinute(due);
      minuteBegan = now;
    }
    return due;
  }

  private void endMinute(List<String> due) {
    sources.forEach(
        (name, source) -> {
          if (source.unsaid > 0) {
            due.add(
                "… and "
                    + source.unsaid
                    + " more refusals of "
                    + name
                    + " within a minute, which are not shown");
          }
        });
    if (unsaid > 0) {
      due.add("… and " + unsaid + " more refusals within a minute, which are not shown");
    }
    sources.clear();
    saidInMinute = 0;
    unsaid = 0;
  }
}
