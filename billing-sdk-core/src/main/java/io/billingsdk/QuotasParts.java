package io.billingsdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a {@link ClientStatus.Quotas}, which documents them. */
record QuotasParts(
    int known,
    int leases,
    long admitted,
    Map<DenialReason, Long> refused,
    long requests,
    long unanswered,
    @Nullable Instant waitingSince) {

  QuotasParts {
    refused = Map.copyOf(refused);
  }

  QuotasParts withCalls(long newAdmitted, Map<DenialReason, Long> newRefused) {
    return new QuotasParts(
        known, leases, newAdmitted, newRefused, requests, unanswered, waitingSince);
  }

  QuotasParts withRequests(
      long newRequests, long newUnanswered, @Nullable Instant newWaitingSince) {
    return new QuotasParts(
        known, leases, admitted, refused, newRequests, newUnanswered, newWaitingSince);
  }
}
