package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a customer owes for an invoice. Immutable.
 *
 * @param amount of the invoice, without what prepaid credit paid
 * @param open the part that is not paid; above the amount never
 * @param dueOn the last day on which it is paid in time, in the zone of the customer
 * @param reference that the payer gives
 * @param nextOn when a reminder or the block comes; null when there is none to come
 */
record Receivable(
    String number,
    String customer,
    String seller,
    Money amount,
    Money open,
    LocalDate issuedOn,
    LocalDate dueOn,
    String reference,
    boolean isWrittenOff,
    @Nullable LocalDate nextOn) {

  /** As the API says it on a day. */
  String state(LocalDate today) {
    if (isWrittenOff && open.signum() == 0) {
      return "uncollectible";
    }
    if (open.signum() == 0) {
      return "paid";
    }
    if (today.isAfter(dueOn)) {
      return "past_due";
    }
    return open.compareTo(amount) < 0 ? "partly_paid" : "issued";
  }
}
