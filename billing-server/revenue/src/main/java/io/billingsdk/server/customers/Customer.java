package io.billingsdk.server.customers;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who pays. Immutable.
 *
 * @param id 1 to 64 of A-Z a-z 0-9 _ . -
 * @param name shown to people, 1 to 256 characters
 * @param currency code of ISO 4217, in which the customer pays; it never changes
 * @param zone whose midnights bound days and periods; never an offset. {@link ZoneHistory} has
 *     those before it
 * @param locale of documents and messages, a BCP 47 tag
 * @param seller the id of the seller; null until one is chosen
 * @param taxPlace where the customer is taxed; null while it is not known
 * @param taxIds stored as they are given, at most 8; taxes check them
 * @param createdAt when the customer was added
 */
public record Customer(
    String id,
    String name,
    String currency,
    ZoneId zone,
    String locale,
    @Nullable String seller,
    @Nullable TaxPlace taxPlace,
    List<TaxId> taxIds,
    Instant createdAt) {
  /** Copies the list. */
  public Customer {
    taxIds = List.copyOf(taxIds);
  }

  /** The same in another language, with other tax ids. */
  Customer with(String otherLocale, List<TaxId> otherTaxIds) {
    return new Customer(
        id, name, currency, zone, otherLocale, seller, taxPlace, otherTaxIds, createdAt);
  }

  /**
   * Where somebody is taxed.
   *
   * @param country code of ISO 3166-1 with two letters
   * @param region a state or province, 1 to 64 characters; null where the country has one tax
   */
  public record TaxPlace(String country, @Nullable String region) {}

  /**
   * A number by which a tax office knows somebody.
   *
   * @param type such as {@code eu_vat}, 1 to 32 of a-z 0-9 _
   * @param value 1 to 64 characters
   */
  public record TaxId(String type, String value) {}
}
