package io.billingsdk.rating;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Credit that a customer bought or was given, in units or in an amount of money.
 *
 * @param id names the grant
 * @param amount the rest of it
 * @param priority a lower number is used first
 * @param grantedAt when it was granted
 * @param expiresAt from when on it cannot be used; null for never
 */
public record CreditGrant(
    String id, Quantity amount, int priority, Instant grantedAt, @Nullable Instant expiresAt) {

  /**
   * The order in which grants are used: the lower priority number, then the earlier expiry, then
   * the older grant, then the id.
   */
  public static final Comparator<CreditGrant> BURN_ORDER =
      Comparator.comparingInt(CreditGrant::priority)
          .thenComparing(CreditGrant::usableUntil)
          .thenComparing(CreditGrant::grantedAt)
          .thenComparing(CreditGrant::id);

  /** Checks the name. */
  public CreditGrant {
    Check.name("id", id);
    Objects.requireNonNull(amount, "amount");
    Objects.requireNonNull(grantedAt, "grantedAt");
  }

  /** Whether it can be used at this moment: it is granted, and has not expired. */
  public boolean isUsable(Instant moment) {
    return !moment.isBefore(grantedAt) && moment.isBefore(usableUntil());
  }

  private Instant usableUntil() {
    return expiresAt == null ? Instant.MAX : expiresAt;
  }
}
