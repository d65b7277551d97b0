package io.billingsdk.testkit;

import io.billingsdk.Admission;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The quotas of a {@link TestBilling}, and what its calls have taken. Thread-safe. */
final class QuotaBook {
  private final Map<String, Map<String, Counted>> byKey = new TreeMap<>();

  private static final class Counted {
    private final BigDecimal limit;
    private BigDecimal taken = BigDecimal.ZERO;

    Counted(BigDecimal limit) {
      this.limit = limit;
    }
  }

  synchronized void put(String apiKey, String meter, BigDecimal limit) {
    byKey.computeIfAbsent(apiKey, key -> new TreeMap<>()).put(meter, new Counted(limit));
  }

  synchronized BigDecimal taken(String apiKey, String meter) {
    Counted counted = byKey.getOrDefault(apiKey, Map.of()).get(meter);
    return counted == null ? BigDecimal.ZERO : counted.taken;
  }

  /** Quotas of all keys. */
  synchronized int size() {
    return byKey.values().stream().mapToInt(Map::size).sum();
  }

  synchronized List<Entitlements.Quota> quotas(String apiKey) {
    List<Entitlements.Quota> quotas = new ArrayList<>();
    byKey
        .getOrDefault(apiKey, Map.of())
        .forEach((meter, counted) -> quotas.add(shown(meter, counted)));
    return quotas;
  }

  /**
   * Takes what an event would use beyond what is held; null when it did, or why not.
   *
   * @param held by meter; changed when it did
   */
  synchronized Admission.@Nullable Refused reserve(
      String apiKey, @Nullable UsageEvent estimate, Map<String, BigDecimal> held) {
    Map<String, Counted> quotas = byKey.getOrDefault(apiKey, Map.of());
    for (Map.Entry<String, Counted> each : quotas.entrySet()) {
      BigDecimal amount = estimated(each.getKey(), estimate);
      Counted counted = each.getValue();
      BigDecimal has = held.getOrDefault(each.getKey(), BigDecimal.ZERO);
      if (amount != null && !fits(counted, has, amount)) {
        return CoreTypes.refused(
            CoreTypes.denied(DenialReason.QUOTA_EXCEEDED, null, untilReset()),
            shown(each.getKey(), counted));
      }
    }
    quotas.forEach(
        (meter, counted) -> {
          BigDecimal amount = estimated(meter, estimate);
          if (amount != null) {
            move(counted, held, meter, amount);
          }
        });
    return null;
  }

  /** The reservation becomes this: the usage, or nothing. */
  synchronized void become(
      String apiKey, Map<String, BigDecimal> held, Map<String, BigDecimal> amounts) {
    byKey
        .getOrDefault(apiKey, Map.of())
        .forEach(
            (meter, counted) ->
                move(counted, held, meter, amounts.getOrDefault(meter, BigDecimal.ZERO)));
  }

  /** What an event takes of each quota of a key. */
  synchronized Map<String, BigDecimal> used(String apiKey, UsageEvent event) {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    for (String meter : byKey.getOrDefault(apiKey, Map.of()).keySet()) {
      BigDecimal amount = estimated(meter, event);
      amounts.put(meter, amount == null ? BigDecimal.ZERO : amount);
    }
    return amounts;
  }

  private static boolean fits(Counted counted, BigDecimal has, BigDecimal amount) {
    BigDecimal left = counted.limit.subtract(counted.taken).add(has);
    return amount.signum() == 0 ? left.signum() > 0 : left.compareTo(amount) >= 0;
  }

  private static void move(
      Counted counted, Map<String, BigDecimal> held, String meter, BigDecimal amount) {
    BigDecimal has = held.getOrDefault(meter, BigDecimal.ZERO);
    counted.taken = counted.taken.add(amount).subtract(has);
    held.put(meter, amount);
  }

  private static Entitlements.Quota shown(String meter, Counted counted) {
    return CoreTypes.quota(meter, counted.limit, counted.taken, reset());
  }

  private static Duration untilReset() {
    return Duration.between(Instant.now(), reset());
  }

  /** The next midnight in UTC: a test that takes longer than a day is rare. */
  private static Instant reset() {
    return Instant.now()
        .atOffset(ZoneOffset.UTC)
        .truncatedTo(ChronoUnit.DAYS)
        .plusDays(1)
        .toInstant();
  }

  private static @Nullable BigDecimal estimated(String meter, @Nullable UsageEvent event) {
    if (meter.equals("calls")) {
      return BigDecimal.ONE;
    }
    if (event == null) {
      return null;
    }
    BigDecimal amount = meter.equals("usage") ? event.usage() : event.quantities().get(meter);
    return amount == null ? null : amount.max(BigDecimal.ZERO);
  }

  /** What the client answers once a call has ended. */
  static ReportOutcome.Rejected ended() {
    return CoreTypes.rejected(
        RejectionReason.INVALID,
        "admission",
        "admission was settled or closed before; admit each call by itself");
  }
}
