package io.billingsdk.server.reconcile;

import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.invoices.BilledUsage.BilledTime;
import io.billingsdk.server.subscriptions.Segment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Cuts the time of an app into parts whose usage has one fate. A pure function. */
final class AppTimeline {
  private final List<OwnedTime> owned;
  private final Instant from;
  private final Instant to;

  /**
   * Of an app.
   *
   * @param owned whose it was, and the books of each; without overlap
   * @param to the end, exclusive
   */
  AppTimeline(List<OwnedTime> owned, Instant from, Instant to) {
    this.owned = List.copyOf(owned);
    this.from = from;
    this.to = to;
  }

  /** A time in which the app is a customer's, with the books of the customer. */
  record OwnedTime(AppSpan span, List<SubscriptionBooks> books) {
    /** Copies the list. */
    OwnedTime {
      books = List.copyOf(books);
    }
  }

  /**
   * A part of the time, half-open.
   *
   * @param cut of a fate that is rated: usage with a higher number came later
   * @param plan of a fate that is rated
   */
  record FatedTime(Instant from, Instant to, UsageFate fate, long cut, @Nullable PlanVersion plan) {
    private boolean goesOnAs(FatedTime next) {
      return fate == next.fate && cut == next.cut && Objects.equals(plan, next.plan);
    }
  }

  /** The parts, in order; usage of all of them is all usage of the app. */
  List<FatedTime> parts() {
    List<FatedTime> parts = new ArrayList<>();
    Instant begin = from;
    for (Instant end : boundaries()) {
      add(parts, begin, end);
      begin = end;
    }
    return parts;
  }

  private NavigableSet<Instant> boundaries() {
    NavigableSet<Instant> found = new TreeSet<>();
    found.add(to);
    for (OwnedTime each : owned) {
      add(found, each.span().from());
      add(found, each.span().to());
      for (SubscriptionBooks books : each.books()) {
        for (Segment segment : books.subscription().segments()) {
          add(found, segment.from());
          add(found, segment.to());
        }
        for (BilledTime time : books.times()) {
          add(found, time.from());
          add(found, time.to());
        }
      }
    }
    return found;
  }

  private void add(NavigableSet<Instant> found, @Nullable Instant moment) {
    if (moment != null && moment.isAfter(from) && moment.isBefore(to)) {
      found.add(moment);
    }
  }

  private void add(List<FatedTime> parts, Instant begin, Instant end) {
    FatedTime next = part(begin, end);
    FatedTime last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
    if (last != null && last.goesOnAs(next)) {
      parts.set(
          parts.size() - 1, new FatedTime(last.from(), end, last.fate(), last.cut(), last.plan()));
    } else {
      parts.add(next);
    }
  }

  private FatedTime part(Instant begin, Instant end) {
    Optional<OwnedTime> owner = owned.stream().filter(each -> each.span().holds(begin)).findFirst();
    if (owner.isEmpty()) {
      return rest(begin, end, UsageFate.NO_CUSTOMER);
    }
    List<SubscriptionBooks> books = owner.get().books();
    for (SubscriptionBooks each : books) {
      Optional<Segment> segment = each.subscription().segmentAt(begin);
      if (segment.isPresent()) {
        UsageFate fate = each.fate(segment.get(), begin);
        return fate == UsageFate.RATED
            ? new FatedTime(begin, end, fate, each.lastCut(), segment.get().plan())
            : rest(begin, end, fate);
      }
    }
    boolean isPaused = books.stream().anyMatch(each -> each.spans(begin));
    return rest(begin, end, isPaused ? UsageFate.PAUSED : UsageFate.NO_SUBSCRIPTION);
  }

  private static FatedTime rest(Instant begin, Instant end, UsageFate fate) {
    return new FatedTime(begin, end, fate, Long.MAX_VALUE, null);
  }
}
