package io.billingsdk.internal.quotas;

import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import java.math.BigDecimal;
import java.util.List;

/** Faults that the runs of {@link LeaseModelRun} have to notice, planted around the lease book. */
enum PlantedQuotaBug {
  NONE,
  /** A total is taken for an increment. */
  GRANT_ADDED,
  /** What open calls have reserved is not said. */
  SPENT_TOO_LOW,
  /** A lease is given back while events of it wait in the journal. */
  DONE_TOO_EARLY,
  /** Events do not name the lease that has admitted them. */
  EPOCH_LOST,
  /** A settled call is reported twice. */
  SETTLED_TWICE,
  /** The event has the time of its end: it may be in the next period. */
  TIME_OF_THE_END;

  LeaseGrant of(LeaseGrant grant) {
    return this != GRANT_ADDED
        ? grant
        : new LeaseGrant(
            grant.request(),
            grant.stream(),
            grant.ledger(),
            grant.leases().stream().map(PlantedQuotaBug::doubled).toList(),
            grant.rates());
  }

  LeaseRequest of(LeaseRequest request) {
    return this != SPENT_TOO_LOW
        ? request
        : new LeaseRequest(
            request.number(),
            request.stream(),
            request.secret(),
            request.asks().stream().map(PlantedQuotaBug::halved).toList(),
            request.demands(),
            request.refusals());
  }

  AdmissionMark of(AdmissionMark mark) {
    if (this == EPOCH_LOST) {
      return new AdmissionMark(List.of(), mark.atMillis());
    }
    return this == TIME_OF_THE_END ? new AdmissionMark(mark.epochs(), 0) : mark;
  }

  int copies() {
    return this == SETTLED_TWICE ? 2 : 1;
  }

  private static LeaseGrant.Lease doubled(LeaseGrant.Lease lease) {
    return new LeaseGrant.Lease(
        lease.quota(),
        lease.epoch(),
        lease.granted().add(lease.granted()),
        lease.expiresInMillis(),
        lease.periodStartMillis(),
        lease.periodEndMillis(),
        lease.limit(),
        lease.used(),
        lease.refusal(),
        lease.retryInMillis());
  }

  private static Ask halved(Ask ask) {
    return new Ask(
        ask.quota(),
        ask.epoch(),
        ask.spent().multiply(new BigDecimal("0.5")),
        ask.want(),
        ask.holding(),
        ask.atMillis());
  }
}
