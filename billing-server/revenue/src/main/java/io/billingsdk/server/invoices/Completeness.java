package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether usage of a customer is still missing. It looks at all streams once: for one run. */
final class Completeness {
  private static final int PAGE = 500;

  private final Streams streams;
  private @Nullable Set<UUID> incomplete;

  Completeness(Database database) {
    this.streams = new Streams(database);
  }

  /** Whether no stream of these apps has missing numbers or events that have not come. */
  boolean of(List<AppSpan> apps) {
    Set<UUID> missing = incomplete();
    return missing.isEmpty()
        || apps.stream()
            .map(AppSpan::app)
            .distinct()
            .allMatch(app -> Collections.disjoint(streams.ofApp(app), missing));
  }

  private Set<UUID> incomplete() {
    if (incomplete == null) {
      Set<UUID> found = new HashSet<>();
      UUID after = new UUID(0, 0);
      List<StreamState> page;
      do {
        page = streams.after(after, PAGE);
        page.stream().filter(each -> !each.isComplete()).forEach(each -> found.add(each.stream()));
        after = page.isEmpty() ? after : page.get(page.size() - 1).stream();
      } while (page.size() == PAGE);
      incomplete = found;
    }
    return incomplete;
  }
}
