package io.billingsdk.server;

import io.billingsdk.server.dunning.ChargeAttempts;
import io.billingsdk.server.dunning.DeclineKind;
import io.billingsdk.server.providers.ChargeResult;
import io.billingsdk.server.providers.InvoiceCharges;
import java.util.Locale;

/** Has declined charges tried again by the providers. */
final class RetriedCharges implements ChargeAttempts {
  private final InvoiceCharges charges;

  RetriedCharges(InvoiceCharges charges) {
    this.charges = charges;
  }

  @Override
  public AttemptOutcome charge(String number, int attempt) {
    ChargeResult result = charges.charge(number, attempt);
    if (result instanceof ChargeResult.Succeeded) {
      return new Succeeded();
    }
    if (result instanceof ChargeResult.Declined declined) {
      return new Declined(DeclineKind.of(declined.declineClass().text()), declined.code());
    }
    if (result instanceof ChargeResult.NotCharged not) {
      return new NotCharged(
          not.why() == ChargeResult.Why.UNDER_WAY
              ? LIVE_CHARGE
              : not.why().name().toLowerCase(Locale.ROOT));
    }
    if (result instanceof ChargeResult.RequiresAction) {
      return new Pending("requires_action");
    }
    if (result instanceof ChargeResult.NeedsOperator) {
      return new Pending("needs_operator");
    }
    return new Pending(result instanceof ChargeResult.Processing ? "processing" : "unknown");
  }
}
