package io.billingsdk.cli.journal;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.journal.DeadEvent;
import io.billingsdk.journal.StoredJournal;
import io.billingsdk.protocol.EncodedEvent;
import io.billingsdk.protocol.MalformedMessageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The chosen events among those set aside: how many for each reason, and their times. */
final class DeadLetterList {
  private final List<DeadEvent> chosen = new ArrayList<>();
  private final Map<String, Group> groups = new TreeMap<>();
  private int all;

  /** Of one reason. */
  private static final class Group {
    private int events;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    private void reach(byte[] event) {
      try {
        long millis = EncodedEvent.timeMillis(event);
        first = Math.min(first, millis);
        last = Math.max(last, millis);
      } catch (MalformedMessageException unreadable) {
        // It is counted, and has no time.
      }
    }
  }

  /**
   * Reads them.
   *
   * @param reason a part of it; null for any
   */
  static DeadLetterList of(StoredJournal journal, @Nullable String reason) throws IOException {
    DeadLetterList list = new DeadLetterList();
    for (DeadEvent event : journal.deadEvents()) {
      list.all++;
      list.add(event, reason);
    }
    return list;
  }

  private void add(DeadEvent event, @Nullable String reason) {
    byte[] json = null;
    String why;
    try {
      json = event.json();
      why = event.reason();
    } catch (IOException unreadable) {
      why = "not readable: " + unreadable.getMessage();
    }
    if (reason != null && !why.contains(reason)) {
      return;
    }
    chosen.add(event);
    // Sizes differ from event to event.
    Group group = groups.computeIfAbsent(why.replaceAll("[0-9]+ of ", "… of "), any -> new Group());
    group.events++;
    if (json != null) {
      group.reach(json);
    }
  }

  List<DeadEvent> chosen() {
    return chosen;
  }

  /** How many there are, chosen or not. */
  int all() {
    return all;
  }

  /** A line for each reason. */
  void print(PrintWriter out, long offsetMillis) {
    groups.forEach(
        (reason, group) -> {
          out.printf(Locale.ROOT, "%d events: %s%n", group.events, Printable.text(reason));
          if (group.last != Long.MIN_VALUE) {
            out.printf(
                Locale.ROOT,
                "  used from %s to %s%s%n",
                Instant.ofEpochMilli(group.first + offsetMillis),
                Instant.ofEpochMilli(group.last + offsetMillis),
                offsetMillis == 0 ? "" : ", with the offset");
          }
        });
  }

  /** Whether one of them would have a time that is still to come. */
  boolean reachesIntoTheFuture(long offsetMillis, Instant now) {
    return groups.values().stream()
        .anyMatch(
            group ->
                group.last != Long.MIN_VALUE && group.last + offsetMillis > now.toEpochMilli());
  }
}
