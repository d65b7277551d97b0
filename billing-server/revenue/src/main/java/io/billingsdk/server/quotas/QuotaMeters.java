package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.quotas.QuotaMeasure.ByField;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Measures rows of the ledger for quotas. Implementations are thread-safe and exact. */
@FunctionalInterface
interface QuotaMeters {
  /** What an event counts by itself, without a catalog. */
  String CALLS = "calls";

  /** The usage of an event. */
  String USAGE = "usage";

  /** The price of an event. */
  String AMOUNT = QuotaTerms.AMOUNT;

  /** By the fields of an event alone, whatever the measure of a quota is. */
  QuotaMeters BY_FIELD =
      (handle, rows, quotas) -> (rule, row) -> new ByField(rule.terms().meter()).value(row);

  /** By the measure of each quota. */
  QuotaMeters BY_RULE = QuotaMeters::byRule;

  /**
   * Measures the rows of one transaction.
   *
   * @param handle of the transaction
   * @param quotas of the keys of these rows, by the id of the key
   */
  Measured measure(Handle handle, List<AppendedEvent> rows, Map<String, List<QuotaRule>> quotas);

  /** The measured rows. */
  @FunctionalInterface
  interface Measured {
    /** How much of a quota a row is; of a correction the difference, which may be negative. */
    BigDecimal value(QuotaRule rule, AppendedEvent row);
  }

  private static Measured byRule(
      Handle handle, List<AppendedEvent> rows, Map<String, List<QuotaRule>> quotas) {
    Measured spending = Spending.of(handle, rows, quotas);
    return (rule, row) ->
        rule.measure() instanceof QuotaMeasure.OfOneRow measure
            ? measure.value(row)
            : spending.value(rule, row);
  }
}
