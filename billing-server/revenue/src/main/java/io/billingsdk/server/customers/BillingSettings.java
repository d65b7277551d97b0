package io.billingsdk.server.customers;

import io.billingsdk.server.customers.Sellers.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a customer is billed. Each part may be missing. An invoice pins the values of its issue.
 * Immutable.
 *
 * @param legalName of the customer on documents; null: its name
 * @param address where the customer is; null while it is not known
 * @param emails where documents go, at most 8
 * @param exemption why the customer pays no tax; null for none
 * @param series of its own for the numbers of its documents, 1 to 16 of A-Z a-z 0-9; null: that of
 *     the seller
 * @param netDays days from the issue to the day on which a payment is due, 0 to 365; null: those of
 *     the seller
 * @param template of its documents, 1 to 64 of a-z 0-9 -; null: that of the seller
 */
public record BillingSettings(
    @Nullable String legalName,
    @Nullable Address address,
    List<String> emails,
    @Nullable Exemption exemption,
    @Nullable String series,
    @Nullable Integer netDays,
    @Nullable String template) {
  /** Of a customer for whom nobody has set anything. */
  public static final BillingSettings NONE =
      new BillingSettings(null, null, List.of(), null, null, null, null);

  /** Copies the list. */
  public BillingSettings {
    emails = List.copyOf(emails);
  }

  /**
   * Why somebody pays no tax.
   *
   * @param reason as documents show it, 1 to 256 characters
   * @param certificate its number at the tax office, 1 to 64 characters; null for none
   */
  public record Exemption(String reason, @Nullable String certificate) {}
}
