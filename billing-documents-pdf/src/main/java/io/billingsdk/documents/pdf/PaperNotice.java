package io.billingsdk.documents.pdf;

import java.math.BigDecimal;
import java.time.LocalDate;

/** A later message about an invoice. */
public sealed interface PaperNotice {
  /**
   * An invoice is not paid yet.
   *
   * @param on the date of the reminder
   * @param level 1 for the first
   * @param open the amount that is still to pay
   */
  record Reminder(LocalDate on, int level, BigDecimal open) implements PaperNotice {}

  /**
   * A payment came in.
   *
   * @param on the date of the payment
   * @param by the means of payment, as people call it
   * @param amount the amount that was received
   */
  record Receipt(LocalDate on, String by, BigDecimal amount) implements PaperNotice {}
}
