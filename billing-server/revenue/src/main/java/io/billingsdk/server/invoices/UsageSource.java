package io.billingsdk.server.invoices;

import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.ledger.MeteredUsage.Evidence;
import java.time.Instant;

/** What meters show up to a cut, of the apps of one customer. */
interface UsageSource {
  /** The usage of a charge in a half-open time. */
  Usage usage(PlanCharge charge, Instant from, Instant to);

  /** Which events that is. */
  Evidence evidence(PlanCharge charge, Instant from, Instant to);
}
