package io.billingsdk.server.invoices;

import io.billingsdk.server.subscriptions.SubscriptionLine;

/**
 * What a line is for. All lines of one key, over all invoices and credit notes of a subscription,
 * add up to what is due for it: of usage the price of its part of a span, as the ledger has it.
 */
record LineKey(String text) {
  /** No id of a charge has a tilde. */
  private static final String COMMITMENT = "~commitment";

  static LineKey usage(int span, UsagePart part, String charge) {
    return new LineKey("usage/" + span + "/" + part.number() + "/" + charge);
  }

  static LineKey commitment(int span, UsagePart part) {
    return usage(span, part, COMMITMENT);
  }

  /** A fee and the credits of its rest: they end at one moment. */
  static LineKey fee(SubscriptionLine line) {
    return new LineKey(
        "fee/" + line.plan() + "/" + line.version() + "/" + line.charge() + "/" + line.to());
  }

  /** The number of the span of a key of usage. */
  int span() {
    return Integer.parseInt(text.split("/", -1)[1]);
  }

  /** The id of the charge of a key of usage; no id has a slash. */
  String charge() {
    return text.split("/", -1)[3];
  }

  boolean isUsage() {
    return text.startsWith("usage/");
  }
}
