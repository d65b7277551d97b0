package io.billingsdk.server.tax;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.Registration;
import io.billingsdk.server.tax.TaxQuestion.Scheme;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of registrations. */
final class RegistrationRows {
  private RegistrationRows() {}

  /** All of a seller, the earliest first. */
  static List<SellerRegistration> of(Handle handle, String seller, boolean isToChange) {
    return handle
        .createQuery(
            """
            SELECT registration_id, seller_id, scheme, country, region, number,
              valid_from::text AS valid_from, valid_to::text AS valid_to
            FROM seller_registration WHERE seller_id = :seller
            ORDER BY valid_from, registration_id
            """
                + (isToChange ? "FOR UPDATE" : ""))
        .bind("seller", seller)
        .map(ResultRow.to(RegistrationRows::registration))
        .list();
  }

  static void add(Handle handle, SellerRegistration added) {
    handle
        .createUpdate(
            """
            INSERT INTO seller_registration (registration_id, seller_id, scheme, country, region,
              number, valid_from, valid_to)
            VALUES (:id, :seller, :scheme, :country, :region, :number, :from, :to)
            """)
        .bind("id", added.id())
        .bind("seller", added.seller())
        .bind("scheme", added.registration().scheme().text())
        .bind("country", added.registration().place().country())
        .bind("region", added.registration().place().region())
        .bind("number", added.registration().number())
        .bind("from", added.from())
        .bind("to", added.to())
        .execute();
  }

  static void end(Handle handle, UUID id, LocalDate last) {
    handle
        .createUpdate("UPDATE seller_registration SET valid_to = :to WHERE registration_id = :id")
        .bind("to", last)
        .bind("id", id)
        .execute();
  }

  private static SellerRegistration registration(ResultRow row) {
    return new SellerRegistration(
        row.uuid("registration_id"),
        row.text("seller_id"),
        new Registration(
            Scheme.valueOf(row.text("scheme").toUpperCase(Locale.ROOT)),
            new Place(row.text("country"), row.textOrNull("region")),
            row.text("number")),
        LocalDate.parse(row.text("valid_from")),
        day(row.textOrNull("valid_to")));
  }

  static @Nullable LocalDate day(@Nullable String text) {
    return text == null ? null : LocalDate.parse(text);
  }
}
