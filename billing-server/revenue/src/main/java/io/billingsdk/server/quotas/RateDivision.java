package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.RateTerms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Divides the rate of a key by demand. Pure: what somebody may still apply is not given to others,
 * so that a part first shrinks at one holder and then grows at another.
 */
final class RateDivision {
  private static final int DECIMALS = 6;
  private static final BigDecimal NEARLY = new BigDecimal("0.9");

  private RateDivision() {}

  /** A rate and a burst. */
  record Part(BigDecimal perSecond, long burst) {
    static final Part NONE = new Part(BigDecimal.ZERO, 0);

    /** Without zeros at the end: the same part is the same. */
    Part {
      perSecond = perSecond.signum() == 0 ? BigDecimal.ZERO : perSecond.stripTrailingZeros();
    }

    boolean isLessThan(Part other) {
      return perSecond.compareTo(other.perSecond) < 0 || burst < other.burst;
    }

    /** Whether it is no tenth less than another: for so little nobody else is asked to shrink. */
    boolean isNearly(Part other) {
      return perSecond.compareTo(other.perSecond.multiply(NEARLY)) >= 0
          && burst >= other.burst - other.burst / 10;
    }

    Part max(Part other) {
      return new Part(perSecond.max(other.perSecond), Math.max(burst, other.burst));
    }

    Part min(Part other) {
      return new Part(perSecond.min(other.perSecond), Math.min(burst, other.burst));
    }
  }

  /**
   * What a holder has.
   *
   * @param share the number of its part
   * @param part that it was given last
   * @param held what it may still apply: at least {@code part}
   * @param asked calls of its last second
   */
  record Holding(String instance, UUID stream, long share, Part part, Part held, long asked) {

    /** It has no part, and the next one has a number that its holder does not know yet. */
    static Holding none(String instance, UUID stream, long share, long asked) {
      return new Holding(instance, stream, share, Part.NONE, Part.NONE, asked);
    }

    boolean isOf(String other, UUID otherStream) {
      return instance.equals(other) && stream.equals(otherStream);
    }

    /** It applies the part with this number. */
    Holding confirmed(long number) {
      return number == share ? new Holding(instance, stream, share, part, part, asked) : this;
    }

    Holding asking(long calls) {
      return new Holding(instance, stream, share, part, held, calls);
    }

    /** With another part, which it may apply from now on, or not have heard of. */
    Holding with(Part other) {
      return other.equals(part)
          ? this
          : new Holding(instance, stream, share + 1, other, held.max(other), asked);
    }

    private BigDecimal weight() {
      return BigDecimal.valueOf(Math.max(1, asked));
    }
  }

  /**
   * The part of each holder from now on.
   *
   * @param asking the one among them that has spoken; others change for its sake alone
   */
  static Map<Holding, Part> of(RateTerms rate, List<Holding> holders, Holding asking) {
    BigDecimal weights =
        holders.stream().map(Holding::weight).reduce(BigDecimal.ZERO, BigDecimal::add);
    Part fair = fair(rate, asking, weights, holders.size());
    Part own = fair.min(free(rate, holders, asking));
    boolean isShort = !own.isNearly(fair);
    Map<Holding, Part> parts = new LinkedHashMap<>();
    for (Holding each : holders) {
      Part present = each.part();
      // What shrinks is free once it is confirmed, and not now.
      parts.put(each, isShort ? present.min(fair(rate, each, weights, holders.size())) : present);
    }
    // A rate without a call at once admits nothing.
    parts.put(asking, own.burst() == 0 || own.perSecond().signum() == 0 ? Part.NONE : own);
    return parts;
  }

  private static Part free(RateTerms rate, List<Holding> holders, Holding asking) {
    BigDecimal perSecond = rate.perSecond();
    long burst = rate.burst();
    for (Holding each : holders) {
      if (!each.equals(asking)) {
        perSecond = perSecond.subtract(each.held().perSecond());
        burst -= each.held().burst();
      }
    }
    return new Part(perSecond.max(BigDecimal.ZERO), Math.max(0, burst));
  }

  /** By demand; each has a call at once, as long as there are so many. */
  private static Part fair(RateTerms rate, Holding holder, BigDecimal weights, int holders) {
    BigDecimal perSecond =
        rate.perSecond().multiply(holder.weight()).divide(weights, DECIMALS, RoundingMode.DOWN);
    long spare = Math.max(0, rate.burst() - holders);
    long burst =
        BigDecimal.valueOf(spare)
            .multiply(holder.weight())
            .divide(weights, 0, RoundingMode.DOWN)
            .longValueExact();
    return new Part(perSecond, Math.min(rate.burst(), burst + 1));
  }
}
