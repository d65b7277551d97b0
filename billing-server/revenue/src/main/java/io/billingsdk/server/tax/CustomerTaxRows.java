package io.billingsdk.server.tax;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.Exemption;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of the tax data of customers. */
final class CustomerTaxRows {
  private CustomerTaxRows() {}

  /** What counts of a customer, by day, the latest first. */
  static List<CustomerTax> of(Handle handle, String customer) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT ON (valid_from) valid_from::text AS valid_from, country, region, tax_id,
              supply, exempt_category, exempt_code, exempt_reason,
              exempt_until::text AS exempt_until
            FROM customer_tax WHERE customer_id = :customer
            ORDER BY valid_from DESC, revision DESC
            """)
        .bind("customer", customer)
        .map(ResultRow.to(CustomerTaxRows::tax))
        .list();
  }

  static void add(Handle handle, String customer, CustomerTax added, String actor) {
    @Nullable Exemption exemption = added.exemption();
    handle
        .createUpdate(
            """
            INSERT INTO customer_tax (customer_id, valid_from, revision, country, region, tax_id,
              supply, exempt_category, exempt_code, exempt_reason, exempt_until, actor)
            SELECT :customer, :from, coalesce(max(revision), 0) + 1, :country, :region, :taxId,
              :supply, :category, :code, :reason, :until, :actor
            FROM customer_tax WHERE customer_id = :customer AND valid_from = :from
            """)
        .bind("customer", customer)
        .bind("from", added.from())
        .bind("country", added.place().country())
        .bind("region", added.place().region())
        .bind("taxId", added.taxId())
        .bind("supply", added.supply().text())
        .bind("category", exemption == null ? null : exemption.category())
        .bind("code", exemption == null ? null : exemption.code())
        .bind("reason", exemption == null ? null : exemption.reason())
        .bind("until", added.exemptUntil())
        .bind("actor", actor)
        .execute();
  }

  private static CustomerTax tax(ResultRow row) {
    @Nullable String category = row.textOrNull("exempt_category");
    return new CustomerTax(
        LocalDate.parse(row.text("valid_from")),
        new Place(row.text("country"), row.textOrNull("region")),
        row.textOrNull("tax_id"),
        Supply.valueOf(row.text("supply").toUpperCase(Locale.ROOT)),
        category == null
            ? null
            : new Exemption(category, row.textOrNull("exempt_code"), row.text("exempt_reason")),
        RegistrationRows.day(row.textOrNull("exempt_until")));
  }
}
