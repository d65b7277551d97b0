package io.billingsdk.server.quotas;

import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Divides time into the periods of a quota: each moment is in one of them, and the end of one is
 * the beginning of the next. So a reset is no event, and nobody has to do it. Implementations are
 * immutable and thread-safe, and answer the same for the same moment.
 */
@FunctionalInterface
interface QuotaCalendar {
  /** The first moment that the ledger can hold, and the end of what it can. */
  QuotaPeriod ALWAYS = new QuotaPeriod(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59.999Z"));

  /** The period of a moment. */
  QuotaPeriod at(Instant moment);

  /**
   * Periods that somebody set: a new one begins at each of these moments. The last moment at which
   * the count began again stays, whatever is set for the next one: otherwise the usage before it
   * would count again.
   *
   * @param since when the count began again for the last time; null for never
   * @param reset when it begins again, or has; null for never
   */
  static QuotaCalendar until(@Nullable Instant since, @Nullable Instant reset) {
    NavigableSet<Instant> edges = new TreeSet<>(List.of(ALWAYS.start(), ALWAYS.end()));
    Stream.of(Optional.ofNullable(since), Optional.ofNullable(reset))
        .flatMap(Optional::stream)
        .filter(ALWAYS::contains)
        .forEach(edges::add);
    return moment -> {
      Instant start = edges.floor(moment);
      Instant end = edges.higher(moment);
      return start == null || end == null ? ALWAYS : new QuotaPeriod(start, end);
    };
  }
}
