package io.billingsdk.server.reconcile;

import io.billingsdk.server.ledger.LedgerBalance.RefusedEvents;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reported, stored, rated and invoiced side by side. All of it is explained if {@code differences}
 * is empty. Immutable.
 *
 * @param month as 2026-11, of UTC; null for all
 * @param appId null for all
 * @param compared how many figures were compared: usage of an app and month, and amounts of a
 *     charge and time
 * @param agreed those that are the same on both sides
 * @param streams the numbers of all streams, of all time; null if one app is asked for
 * @param refused events that are not counted, of all time; empty if one app is asked for
 * @param usage by app and month
 * @param amounts by currency, of the times that touch the month
 * @param differences each in words; none if all is explained
 */
record Reconciliation(
    @Nullable String month,
    @Nullable String appId,
    boolean explained,
    long compared,
    long agreed,
    @Nullable ReportedNumbers streams,
    List<RefusedEvents> refused,
    List<AppMonth> usage,
    List<AmountSum> amounts,
    List<String> differences) {
  /** Copies the lists. */
  Reconciliation {
    refused = List.copyOf(refused);
    usage = List.copyOf(usage);
    amounts = List.copyOf(amounts);
    differences = List.copyOf(differences);
  }

  /**
   * What became of the numbers of all streams: {@code reported} is the sum of the others without
   * {@code pending}, or {@code unexplained} says by how much it is not.
   *
   * @param stored events in the ledger
   * @param repeats of an event by its idempotency key
   * @param refused kept as rejected or conflicting alone
   * @param leftOut refused without a row
   * @param pending numbers that instances say they gave, and that have not come yet
   */
  record ReportedNumbers(
      long reported,
      long stored,
      long repeats,
      long missing,
      long dropped,
      long writtenOff,
      long refused,
      long leftOut,
      long unexplained,
      long pending) {}

  /**
   * Usage of an app in a month: the stored usage is the sum of the parts.
   *
   * @param appId empty for usage of no app
   * @param month its first moment
   */
  record AppMonth(String appId, Instant month, long events, BigDecimal usage, List<FateSum> parts) {
    /** Copies the list. */
    AppMonth {
      parts = List.copyOf(parts);
    }
  }

  /** Usage with one fate. */
  record FateSum(String fate, String why, long events, BigDecimal usage) {}

  /**
   * Amounts of usage in a currency: {@code rated} is what the ledger came to when each subscription
   * was billed last, {@code invoiced} what lines less credit notes have.
   *
   * @param late what usage since then adds, which a later invoice has
   * @param unexplained the sum of the differences, each without its sign
   */
  record AmountSum(
      String currency,
      BigDecimal rated,
      BigDecimal invoiced,
      BigDecimal late,
      BigDecimal unexplained) {}
}
