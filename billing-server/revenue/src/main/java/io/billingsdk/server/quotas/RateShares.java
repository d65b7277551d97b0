package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.InstanceLeases.RateDemand;
import io.billingsdk.server.control.InstanceLeases.RatePart;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.quotas.RateDivision.Holding;
import io.billingsdk.server.quotas.RateDivision.Part;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Shares the rate of each key out among the instances that use it, by demand. What a holder may
 * still apply is counted until it has confirmed less, or its part has ended: so all parts together
 * are at no moment more than the rate and the burst of the key. Thread-safe.
 */
final class RateShares {
  /** How long a part lasts without a word of its holder. */
  static final Duration LIFE = Duration.ofSeconds(5);

  static final Duration GRACE = Duration.ofSeconds(1);

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  RateShares(Database database, QuotaSource source, Clock clock) {
    this.database = database;
    this.source = source;
    this.clock = clock;
  }

  /**
   * Answers what an instance says of its demand.
   *
   * @param others to which answers for other instances are added, whose parts change
   * @return its own parts; none of keys without a rate
   */
  List<RatePart> share(
      String instance, UUID stream, List<RateDemand> demands, List<LeaseAnswer> others) {
    List<RatePart> own = new ArrayList<>();
    for (RateDemand each : demands) {
      database.useTransaction(
          handle ->
              source
                  .rate(handle, each.keyId())
                  .ifPresent(rate -> share(handle, instance, stream, each, rate, own, others)));
    }
    return own;
  }

  private void share(
      Handle handle,
      String instance,
      UUID stream,
      RateDemand demand,
      RateTerms rate,
      List<RatePart> own,
      List<LeaseAnswer> others) {
    Instant now = clock.instant();
    RateRows.lock(handle, demand.keyId());
    RateRows.deleteExpired(handle, demand.keyId(), now.minus(GRACE));
    List<Holding> before = RateRows.of(handle, demand.keyId());
    Holding asking =
        before.stream()
            .filter(each -> each.instance().equals(instance) && each.stream().equals(stream))
            .findFirst()
            .map(each -> each.confirmed(demand.share()).asking(demand.asked()))
            .orElseGet(() -> Holding.none(instance, stream, demand.share(), demand.asked()));
    boolean alone = before.stream().allMatch(each -> each.isOf(instance, stream));
    boolean first = asking.part().equals(Part.NONE);
    List<Holding> holders = new ArrayList<>(before);
    holders.removeIf(each -> each.isOf(instance, stream));
    holders.add(asking);
    Map<Holding, Part> divided = RateDivision.of(rate, holders, asking);
    Instant expires = now.plus(LIFE);
    divided.forEach(
        (holding, part) -> {
          boolean isOwn = holding.isOf(instance, stream);
          Holding changed = holding.with(part);
          if (isOwn || !part.equals(holding.part())) {
            RateRows.save(handle, demand.keyId(), changed, isOwn ? expires : null);
          }
          RatePart message =
              new RatePart(
                  demand.keyId(),
                  changed.share(),
                  part.perSecond(),
                  part.burst(),
                  isOwn ? LIFE.toMillis() : 0,
                  isOwn && first && alone,
                  !isOwn && part.isLessThan(holding.part()));
          if (isOwn) {
            own.add(message);
          } else if (!part.equals(holding.part())) {
            others.add(
                new LeaseAnswer(
                    holding.instance(), holding.stream(), 0, List.of(), List.of(message)));
          }
        });
  }
}
