package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether usage of a customer is still missing. It looks at the streams once a minute at most: a
 * span that waits is looked at every five seconds, for a day. For one thread.
 */
final class Completeness {
  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int PAGE = 500;

  private final Streams streams;
  private final LongSupplier nanos;
  private final Map<String, Boolean> apps = new HashMap<>();
  private Set<UUID> incomplete = Set.of();
  private @Nullable Long readAt;

  Completeness(Database database) {
    this(database, System::nanoTime);
  }

  Completeness(Database database, LongSupplier nanos) {
    this.streams = new Streams(database);
    this.nanos = nanos;
  }

  /** Whether no stream of these apps has missing numbers or events that have not come. */
  boolean of(List<AppSpan> spans) {
    return of(() -> spans);
  }

  /** The same of apps that are read only if a stream is incomplete at all. */
  boolean of(Supplier<List<AppSpan>> spans) {
    refresh();
    return incomplete.isEmpty()
        || spans.get().stream().map(AppSpan::app).allMatch(this::isComplete);
  }

  private boolean isComplete(String app) {
    return apps.computeIfAbsent(app, each -> Collections.disjoint(streams.ofApp(each), incomplete));
  }

  private void refresh() {
    long now = nanos.getAsLong();
    if (readAt == null || now - readAt >= FRESH_NANOS) {
      incomplete = read();
      apps.clear();
      readAt = now;
    }
  }

  private Set<UUID> read() {
    Set<UUID> found = new HashSet<>();
    UUID after = new UUID(0, 0);
    List<StreamState> page;
    do {
      page = streams.after(after, PAGE);
      page.stream().filter(each -> !each.isComplete()).forEach(each -> found.add(each.stream()));
      after = page.isEmpty() ? after : page.get(page.size() - 1).stream();
    } while (page.size() == PAGE);
    return found;
  }
}
