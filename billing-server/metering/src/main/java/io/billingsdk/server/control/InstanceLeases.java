package io.billingsdk.server.control;

import io.billingsdk.server.feature.Feature;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who leases quotas to instances and shares out rates, as the channel of control asks it. Amounts
 * are totals since the beginning of a lease. Implementations are thread-safe, and may wait for the
 * database.
 */
public interface InstanceLeases {
  /** Of a server without quotas: it answers nothing. */
  InstanceLeases NONE =
      new InstanceLeases() {
        @Override
        public List<LeaseAnswer> ask(String instance, LeaseQuestion question) {
          return List.of();
        }

        @Override
        public void heard(String instance, UUID stream, boolean isEmpty) {}
      };

  /**
   * Answers what an instance asks.
   *
   * @return the messages to send: the answer to this instance, and what it changes for others
   * @throws io.billingsdk.server.db.DatabaseException when it cannot be answered now; the instance
   *     asks again
   */
  List<LeaseAnswer> ask(String instance, LeaseQuestion question);

  /**
   * An instance has given a sign of life, which is stored.
   *
   * @param isEmpty whether nothing waits in its journal: all events of earlier processes have come
   */
  void heard(String instance, UUID stream, boolean isEmpty);

  /** What an instance asks. */
  record LeaseQuestion(
      long number,
      UUID stream,
      List<QuotaAsk> quotas,
      List<RateDemand> rates,
      List<RefusalCount> refusals) {
    /** Copies the lists. */
    public LeaseQuestion {
      quotas = List.copyOf(quotas);
      rates = List.copyOf(rates);
      refusals = List.copyOf(refusals);
    }
  }

  /** How a holder stands to a lease: it spends, spends no more, or has no event to come either. */
  enum Holding {
    /** It spends. */
    OPEN,
    /** It spends no more. */
    CLOSED,
    /** It spends no more, and no event of the lease is still to come. */
    DONE
  }

  /**
   * A request for one quota.
   *
   * @param epoch of the lease in hand; null for none
   * @param at an instant of the period; null for now
   */
  record QuotaAsk(
      String quota,
      @Nullable String epoch,
      BigDecimal spent,
      BigDecimal want,
      Holding holding,
      @Nullable Instant at) {}

  /**
   * How often a key is used at the instance.
   *
   * @param share the number of the share that it applies
   * @param asked calls of the last second
   */
  record RateDemand(String keyId, long share, long asked) {}

  /** Refused calls of a key since the stream began. */
  record RefusalCount(String keyId, String reason, long count) {}

  /**
   * A message to an instance.
   *
   * @param number of the question; 0 when it did not ask
   */
  record LeaseAnswer(
      String instance, UUID stream, long number, List<LeaseTerms> leases, List<RatePart> rates) {
    /** Copies the lists. */
    public LeaseAnswer {
      leases = List.copyOf(leases);
      rates = List.copyOf(rates);
    }
  }

  /**
   * How a quota stands, and the lease of the instance.
   *
   * @param epoch null without a lease
   * @param expiresInMillis 0 without a lease
   * @param limit null for none
   * @param isUnknown whether there is no such quota
   * @param isExhausted whether nothing more was granted because nothing is left
   */
  record LeaseTerms(
      String quota,
      @Nullable String epoch,
      BigDecimal granted,
      long expiresInMillis,
      Instant periodStart,
      Instant periodEnd,
      @Nullable BigDecimal limit,
      BigDecimal used,
      boolean isUnknown,
      boolean isExhausted,
      long retryInMillis) {}

  /** The part of a key's rate that an instance may use. */
  record RatePart(
      String keyId,
      long share,
      BigDecimal perSecond,
      long burst,
      long expiresInMillis,
      boolean isFull,
      boolean isToBeConfirmed) {}

  /** A feature that leases quotas to instances. A server has one at most. */
  interface LeasingFeature extends Feature {
    /** Answers instances, from the constructor on. */
    InstanceLeases leases();

    /** That of the one among these features that leases; {@link #NONE} without one. */
    static InstanceLeases of(List<Feature> features) {
      return features.stream()
          .filter(LeasingFeature.class::isInstance)
          .map(each -> ((LeasingFeature) each).leases())
          .findFirst()
          .orElse(NONE);
    }
  }
}
