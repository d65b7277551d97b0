package io.billingsdk.server.payments;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Payments as they came in, for features that make something of them: a refund changes nothing
 * here. Thread-safe.
 */
public final class ReceivedPayments {
  private static final String FIND =
      """
      SELECT customer_id, currency, amount, method, received_on, reference
      FROM payment WHERE payment_id = :id
      """;

  private static final String SETTLED =
      """
      SELECT e.number, -e.amount AS amount FROM posting p JOIN posting_entry e USING (posting_id)
      WHERE p.payment_id = :id AND p.kind = 'payment' AND e.account = 'receivable'
      ORDER BY p.posting_id, e.line
      """;

  private final Database database;

  /** In a database. */
  public ReceivedPayments(Database database) {
    this.database = database;
  }

  /**
   * A payment. Immutable.
   *
   * @param settled the part for each invoice, in the order in which it paid them
   */
  public record ReceivedPayment(
      String id,
      String customer,
      String currency,
      BigDecimal amount,
      String method,
      LocalDate receivedOn,
      @Nullable String reference,
      Map<String, BigDecimal> settled) {
    /** Copies the map, whose order it keeps. */
    public ReceivedPayment {
      settled = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settled));
    }

    /** The part that no invoice needed. */
    public BigDecimal kept() {
      return settled.values().stream().reduce(amount, BigDecimal::subtract);
    }
  }

  /** By its id; empty when there is none. */
  public Optional<ReceivedPayment> find(String id) {
    return database.read(
        handle ->
            handle
                .createQuery(FIND)
                .bind("id", id)
                .map(ResultRow.to(row -> payment(handle, id, row)))
                .findFirst());
  }

  private static ReceivedPayment payment(Handle handle, String id, ResultRow row) {
    return new ReceivedPayment(
        id,
        row.text("customer_id"),
        row.text("currency"),
        row.decimal("amount"),
        row.text("method"),
        LocalDate.parse(row.text("received_on")),
        row.textOrNull("reference"),
        settled(handle, id));
  }

  private static Map<String, BigDecimal> settled(Handle handle, String id) {
    Map<String, BigDecimal> settled = new LinkedHashMap<>();
    handle
        .createQuery(SETTLED)
        .bind("id", id)
        .map(ResultRow.to(row -> Map.entry(row.text("number"), row.decimal("amount"))))
        .forEach(each -> settled.merge(each.getKey(), each.getValue(), BigDecimal::add));
    return settled;
  }
}
