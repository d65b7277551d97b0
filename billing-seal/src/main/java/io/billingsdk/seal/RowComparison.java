package io.billingsdk.seal;

import io.billingsdk.seal.SealFinding.Kind;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the rows of a day and the entries of its seal side by side, both in the order of
 * their ids, and keeps what differs. For one thread.
 */
final class RowComparison {
  private final Iterator<SealEntry> sealed;
  private final Differences differences;
  private @Nullable SealEntry head;

  /** The rows with one id, as far as they have come; one of them at most is honest. */
  private @Nullable String id;

  private @Nullable String was;
  private @Nullable String other;
  private boolean isThere;
  private long rows;

  RowComparison(LocalDate day, Iterator<SealEntry> sealed) {
    this.sealed = sealed;
    this.differences = new Differences(day);
    this.head = sealed.hasNext() ? sealed.next() : null;
  }

  void found(SealEntry entry) {
    if (!entry.id().equals(id)) {
      begin(entry.id());
    }
    rows++;
    if (entry.content().equals(was)) {
      isThere = true;
    } else if (other == null) {
      other = entry.content();
    }
  }

  private void begin(String next) {
    if (id != null && Utf8Order.compare(id, next) > 0) {
      throw new IllegalArgumentException(
          "rows must be in the order of their ids, but " + next + " is late");
    }
    end();
    while (head != null && Utf8Order.compare(head.id(), next) < 0) {
      differences.add(Kind.DELETED, head.id());
      advance();
    }
    id = next;
    was = null;
    other = null;
    isThere = false;
    rows = 0;
    if (head != null && head.id().equals(next)) {
      was = head.content();
      advance();
    }
  }

  /** All rows with the id have come. */
  private void end() {
    if (id == null) {
      return;
    }
    if (was != null && !isThere && other != null) {
      differences.changed(id, was, other);
    }
    for (long more = was == null ? 0 : 1; more < rows; more++) {
      differences.add(Kind.INSERTED, id);
    }
  }

  private void advance() {
    head = sealed.hasNext() ? sealed.next() : null;
  }

  /** The differences, once, after the last row. */
  List<SealFinding> close() {
    end();
    while (head != null) {
      differences.add(Kind.DELETED, head.id());
      advance();
    }
    return differences.findings();
  }
}
