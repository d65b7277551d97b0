package io.billingsdk.server.control;

import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.control.InstanceLeases.RateDemand;
import io.billingsdk.server.control.InstanceLeases.RatePart;
import io.billingsdk.server.control.InstanceLeases.RefusalCount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Questions and answers about leases, between the wire and the server. */
final class LeaseMessages {
  private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);
  private static final int DECIMALS = 18;

  private LeaseMessages() {}

  static LeaseQuestion question(LeaseRequest said) {
    return new LeaseQuestion(
        said.number(),
        said.stream(),
        said.asks().stream().map(LeaseMessages::ask).toList(),
        said.demands().stream()
            .map(each -> new RateDemand(each.keyId(), each.share(), each.asked()))
            .toList(),
        said.refusals().stream()
            .map(each -> new RefusalCount(each.keyId(), each.reason(), each.count()))
            .toList());
  }

  private static QuotaAsk ask(LeaseRequest.Ask said) {
    Long at = said.atMillis();
    return new QuotaAsk(
        said.quota(),
        said.epoch(),
        said.spent(),
        said.want(),
        switch (said.holding()) {
          case OPEN -> Holding.OPEN;
          case CLOSED -> Holding.CLOSED;
          case DONE -> Holding.DONE;
        },
        at == null ? null : Instant.ofEpochMilli(at));
  }

  static LeaseGrant grant(LeaseAnswer answer, UUID ledger) {
    return new LeaseGrant(
        answer.number(),
        answer.stream(),
        ledger,
        answer.leases().stream().map(LeaseMessages::lease).toList(),
        answer.rates().stream().map(LeaseMessages::rate).toList());
  }

  private static LeaseGrant.Lease lease(LeaseTerms terms) {
    BigDecimal limit = terms.limit();
    return new LeaseGrant.Lease(
        terms.quota(),
        terms.epoch(),
        terms.granted(),
        terms.expiresInMillis(),
        terms.periodStart().toEpochMilli(),
        terms.periodEnd().toEpochMilli(),
        limit == null ? null : shown(limit),
        shown(terms.used()),
        refusal(terms),
        terms.retryInMillis());
  }

  private static LeaseGrant.@Nullable Refusal refusal(LeaseTerms terms) {
    if (terms.isUnknown()) {
      return LeaseGrant.Refusal.UNKNOWN;
    }
    return terms.isExhausted() ? LeaseGrant.Refusal.EXHAUSTED : null;
  }

  /** A sum may lie beyond what one event may say, or below zero after a correction. */
  private static BigDecimal shown(BigDecimal amount) {
    return amount
        .min(MOST)
        .max(BigDecimal.ZERO)
        .setScale(Math.min(DECIMALS, Math.max(0, amount.scale())), RoundingMode.HALF_EVEN);
  }

  private static LeaseGrant.RateShare rate(RatePart part) {
    return new LeaseGrant.RateShare(
        part.keyId(),
        part.share(),
        part.perSecond(),
        part.burst(),
        part.expiresInMillis(),
        part.isFull(),
        part.isToBeConfirmed());
  }
}
