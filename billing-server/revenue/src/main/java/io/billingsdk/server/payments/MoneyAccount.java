package io.billingsdk.server.payments;

import java.util.Locale;

/** Where money is, in the books. */
enum MoneyAccount {
  /** What customers owe for an invoice. */
  RECEIVABLE,
  /** Money kept for a customer: paid too much, or given back; below 0 is owed to the customer. */
  CREDIT,
  /** What customers owe for no invoice: money that was taken back after its credit was used. */
  CLAIM,
  /** Credit that was given or bought before an invoice, as far as invoices have used it. */
  PREPAID,
  /** Money that came in, by the way that it came. */
  CASH,
  /** The same at Stripe, until it pays out. */
  CASH_STRIPE,
  /** The same at PayPal, until it pays out. */
  CASH_PAYPAL,
  /** Play money of the sandbox. */
  CASH_SANDBOX,
  /** Costs of payment providers. */
  FEE,
  /** Sales without tax. */
  REVENUE,
  /** What belongs to tax offices. */
  TAX,
  /** What will never be paid. */
  WRITE_OFF;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
