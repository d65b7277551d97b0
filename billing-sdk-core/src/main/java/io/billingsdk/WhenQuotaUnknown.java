package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * What becomes of a call while a hard quota has nothing here to admit it from: the lease was not
 * granted yet, is spent, or has expired while the billing system or the broker is away.
 *
 * <p>Calls of quotas with overage go on in any case: what they use is charged.
 */
public sealed interface WhenQuotaUnknown {

  /**
   * It is refused, with {@link DenialReason#UNAVAILABLE}; the default. No quota is ever exceeded.
   */
  record Deny() implements WhenQuotaUnknown {
    @Override
    public String toString() {
      return "deny";
    }
  }

  /** It goes on. The quota may be exceeded without a bound until the billing system is back. */
  record Allow() implements WhenQuotaUnknown {
    @Override
    public String toString() {
      return "allow";
    }
  }

  /**
   * It goes on while all such calls together use at most this much of the quota. The quota may be
   * exceeded by this much for each process: ten processes, ten times.
   *
   * @param amount in the unit of the meter, above 0 and at most 2<sup>53</sup>; counted from the
   *     last lease on
   */
  record AllowUpTo(BigDecimal amount) implements WhenQuotaUnknown {
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);

    /** Refuses an amount out of range. */
    public AllowUpTo {
      requireNonNull(amount, "amount");
      if (amount.signum() <= 0 || amount.compareTo(MOST) > 0 || amount.scale() > 18) {
        throw new IllegalArgumentException(
            "whenQuotaUnknown must be deny, allow, or a number above 0 and at most 2^53 with at"
                + " most 18 decimals");
      }
    }

    @Override
    public String toString() {
      return amount.stripTrailingZeros().toPlainString();
    }
  }

  /** Refused. */
  static WhenQuotaUnknown deny() {
    return new Deny();
  }

  /** Goes on. */
  static WhenQuotaUnknown allow() {
    return new Allow();
  }

  /** Goes on up to this amount. */
  static WhenQuotaUnknown allow(long amount) {
    return new AllowUpTo(BigDecimal.valueOf(amount));
  }

  /**
   * From its text: {@code deny}, {@code allow}, or a number.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  static WhenQuotaUnknown parse(String text) {
    return switch (text) {
      case "deny" -> deny();
      case "allow" -> allow();
      default -> new AllowUpTo(number(text));
    };
  }

  private static BigDecimal number(String text) {
    // Before a number of a thousand digits is read.
    if (text.length() > 40) {
      throw new IllegalArgumentException("whenQuotaUnknown has more than 40 characters");
    }
    return new BigDecimal(text);
  }
}
