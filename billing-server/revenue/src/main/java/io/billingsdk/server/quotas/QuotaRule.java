package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.QuotaTerms;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One quota: whose it is, what it allows, and when it begins again. Immutable.
 *
 * @param id names it in leases and counters, the same for as long as the quota exists, whatever its
 *     limit: 1 to 256 printable ASCII characters
 * @param measure how much of it a row of the ledger is
 */
record QuotaRule(String id, QuotaTerms terms, QuotaCalendar calendar, QuotaMeasure measure) {

  /** One that counts the field of an event that its meter is named after. */
  QuotaRule(String id, QuotaTerms terms, QuotaCalendar calendar) {
    this(id, terms, calendar, new QuotaMeasure.ByField(terms.meter()));
  }

  /** Whether a producer means it by the name of a meter: that of the plan, or of the event. */
  boolean isOf(String meter) {
    return terms.meter().equals(meter) || measure.countedAs().equals(meter);
  }

  /** The period of a moment. */
  public QuotaPeriod period(Instant moment) {
    return calendar.at(moment);
  }

  /** Whether nothing beyond the limit is admitted. */
  boolean isHard() {
    return terms.mode() == QuotaTerms.Mode.HARD;
  }

  /** Who refuses a call when nothing of a quota is left. */
  enum Enforcement {
    /** Services, before the call. */
    SERVICES,
    /** The server, which blocks the keys: services do not know the price of a call. */
    BLOCK,
    /** The server, for callers who reserve before the call: services know no filters of meters. */
    RESERVATIONS,
    /** Nobody: the quota bounds nothing. */
    NOBODY
  }

  /** Who refuses a call when nothing of it is left. */
  Enforcement enforcement() {
    if (capacity(BigDecimal.ZERO) == null) {
      return Enforcement.NOBODY;
    }
    if (measure instanceof QuotaMeasure.BySpending) {
      return Enforcement.BLOCK;
    }
    return isFiltered() ? Enforcement.RESERVATIONS : Enforcement.SERVICES;
  }

  /**
   * Whether a key with nothing left may make no call at all. One whose meter has a filter leaves
   * other calls.
   */
  boolean stopsAllCalls() {
    return !isFiltered() && capacity(BigDecimal.ZERO) != null;
  }

  private boolean isFiltered() {
    return measure instanceof QuotaMeasure.ByMeter byMeter && byMeter.meter().isFiltered();
  }

  /**
   * The most that may be settled and leased together.
   *
   * @param extended the sum of grants in addition to the limit
   * @return null for any amount
   */
  @Nullable BigDecimal capacity(BigDecimal extended) {
    BigDecimal limit = terms.limit().add(extended);
    BigDecimal cap = terms.overageCap();
    return switch (terms.mode()) {
      case HARD -> limit;
      case OVERAGE -> cap == null ? null : limit.add(cap);
      case NOTIFY -> null;
    };
  }
}
