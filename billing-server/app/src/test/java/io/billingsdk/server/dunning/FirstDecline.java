package io.billingsdk.server.dunning;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.dunning.RetryCases.Decline;

/** A charge that was declined, for tests of what shows it. */
public final class FirstDecline {
  private FirstDecline() {}

  /** That of an invoice, for want of money. */
  public static void of(Database database, String customer, String number) {
    new RetryCases(database, new Actor("tester"))
        .declined(new Decline(number, customer, 1, DeclineKind.FUNDS, "insufficient_funds"));
  }
}
