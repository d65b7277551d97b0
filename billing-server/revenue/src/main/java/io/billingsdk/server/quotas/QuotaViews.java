package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.QuotaTerms;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How quotas stand, as the HTTP API shows it. */
final class QuotaViews {
  private QuotaViews() {}

  /** Calls that were refused, by reason; the list is whole. */
  record RefusalList(List<RefusalView> items) {
    static RefusalList of(Map<String, Long> counts) {
      return new RefusalList(
          counts.entrySet().stream()
              .map(each -> new RefusalView(each.getKey(), each.getValue()))
              .toList());
    }
  }

  record RefusalView(String reason, long count) {}

  record QuotaView(
      String quota,
      String meter,
      String mode,
      String scope,
      BigDecimal limit,
      BigDecimal extended,
      @Nullable BigDecimal overageCap,
      BigDecimal used,
      BigDecimal beyondLeases,
      BigDecimal leased,
      @Nullable BigDecimal remaining,
      List<Integer> thresholds,
      @Nullable Integer thresholdEvery,
      String enforcedBy,
      Instant since,
      Instant resetsAt,
      @Nullable Instant projectedAt) {
    static QuotaView of(QuotaState state) {
      return of(state, null);
    }

    static QuotaView of(QuotaState state, @Nullable Instant projectedAt) {
      QuotaTerms terms = state.rule().terms();
      return new QuotaView(
          state.rule().id(),
          terms.meter(),
          terms.mode().name().toLowerCase(Locale.ROOT),
          terms.scope().name().toLowerCase(Locale.ROOT),
          plain(terms.limit()),
          plain(state.extended()),
          terms.overageCap() == null ? null : plain(terms.overageCap()),
          plain(state.used()),
          plain(state.beyond()),
          plain(state.leased()),
          state.remaining() == null ? null : plain(state.remaining()),
          terms.thresholds(),
          terms.thresholdEvery(),
          state.rule().enforcement().name().toLowerCase(Locale.ROOT),
          state.period().start(),
          state.period().end(),
          projectedAt);
    }
  }

  static BigDecimal plain(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }
}
