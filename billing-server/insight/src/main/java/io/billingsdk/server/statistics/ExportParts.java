package io.billingsdk.server.statistics;

import io.billingsdk.server.statistics.FactRows.StoredFact;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an export, one after the other: each person's events in the order of their times.
 * Confined to one thread at a time.
 */
final class ExportParts implements Iterator<byte[]> {
  /** So many events are in one part. */
  static final int PAGE = 1_000;

  private final UseExport export;
  private final List<UUID> people;
  private final PageReader reader;
  private boolean hasBegun;
  private boolean hasEvents;
  private boolean hasEnded;
  private int person;
  private @Nullable StoredFact last;

  ExportParts(UseExport export, List<UUID> people, PageReader reader) {
    this.export = export;
    this.people = List.copyOf(people);
    this.reader = reader;
  }

  /** Reads the events of a person, after one. */
  interface PageReader {
    /**
     * At most {@link #PAGE} of them.
     *
     * @param after null for the first ones
     */
    List<StoredFact> page(UUID person, @Nullable StoredFact after);
  }

  @Override
  public boolean hasNext() {
    return !hasEnded;
  }

  @Override
  public byte[] next() {
    if (hasEnded) {
      throw new NoSuchElementException("the export has ended");
    }
    if (!hasBegun) {
      hasBegun = true;
      return export.head();
    }
    while (person < people.size()) {
      List<StoredFact> page = reader.page(people.get(person), last);
      boolean isLast = page.size() < PAGE;
      person += isLast ? 1 : 0;
      last = isLast ? null : page.get(page.size() - 1);
      if (!page.isEmpty()) {
        boolean isFirst = !hasEvents;
        hasEvents = true;
        return export.events(page, isFirst);
      }
    }
    hasEnded = true;
    return export.tail();
  }
}
