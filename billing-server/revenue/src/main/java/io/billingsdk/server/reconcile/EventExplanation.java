package io.billingsdk.server.reconcile;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The way of an event: app, customer, segment of a subscription, lines, invoices. Immutable.
 *
 * @param outcome {@code counted}, {@code repeat}, {@code refused}, {@code conflicting} or {@code
 *     absent}
 * @param why where it is, or why it is on no invoice
 * @param reported its usage as it came; null if it is not in the ledger
 * @param usage the same after all corrections
 * @param fate of a counted event, as a reconciliation has it
 * @param lines that it is behind; none if it is on no invoice
 */
record EventExplanation(
    UUID stream,
    long seq,
    String outcome,
    String why,
    @Nullable Instant occurredAt,
    @Nullable Instant receivedAt,
    @Nullable String appId,
    @Nullable Instant attributedAt,
    @Nullable BigDecimal reported,
    @Nullable BigDecimal usage,
    long corrections,
    @Nullable String fate,
    @Nullable String customerId,
    @Nullable UUID subscriptionId,
    @Nullable String plan,
    @Nullable Integer version,
    List<ExplainedLine> lines) {
  /** Copies the list. */
  EventExplanation {
    lines = List.copyOf(lines);
  }

  /** One that is not in the ledger. */
  static EventExplanation uncounted(
      UUID stream, long seq, String outcome, String why, @Nullable Instant received) {
    return new EventExplanation(
        stream, seq, outcome, why, null, received, null, null, null, null, 0, null, null, null,
        null, null, List.of());
  }

  /**
   * A charge that reads the event.
   *
   * @param values what each meter takes of it
   * @param amount the price of all usage of the charge in its time
   * @param contributed how much less that is without the event; null where a single event has no
   *     share of its own
   * @param documents the lines that have the charge, in the order of their issue
   */
  record ExplainedLine(
      String chargeId,
      String name,
      Map<String, BigDecimal> values,
      String currency,
      BigDecimal amount,
      @Nullable BigDecimal contributed,
      List<ExplainedDocument> documents) {
    /** Copies the list. */
    ExplainedLine {
      documents = List.copyOf(documents);
    }
  }

  /** A line of an invoice or of a credit note. */
  record ExplainedDocument(String number, int line, String kind) {}
}
