package io.billingsdk.internal.quotas;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one call has of one quota. Taken from the lease is the greater one of what is reserved and
 * what was used. Guarded by the lock of the account.
 */
final class Hold {
  private final QuotaAccount account;
  private @Nullable Offer from;
  private BigDecimal reserved = BigDecimal.ZERO;
  private BigDecimal used = BigDecimal.ZERO;
  private boolean over;

  /** Whether the account is kept for it. */
  private boolean begun;

  Hold(QuotaAccount account) {
    this.account = account;
  }

  QuotaAccount account() {
    return account;
  }

  @Nullable Lease lease() {
    return from instanceof Lease lease ? lease : null;
  }

  /** The account stays for it until it is finished, whether anything is reserved or not. */
  void begin() {
    if (!begun && !over) {
      begun = true;
      account.begin();
    }
  }

  /** Whether so much could be reserved for the rest of the call. */
  Offer offer(BigDecimal rest, Moment now, boolean linked) {
    Offer source = from;
    if (source == null) {
      return account.offer(rest, now, linked);
    }
    BigDecimal more = used.add(rest).subtract(taken());
    if (more.signum() <= 0) {
      return source;
    }
    return source instanceof Lease lease
        ? account.more(lease, more, now, linked)
        : account.without(more, now, linked);
  }

  /** Reserves it, from where it was offered. */
  void reserve(Offer offered, BigDecimal rest) {
    if (over) {
      // Another thread has closed the admission: nobody would give this back.
      return;
    }
    Offer source = from;
    if (source == null) {
      begin(offered);
      source = offered;
    }
    BigDecimal before = taken();
    reserved = used.add(rest);
    account.take(source, taken().subtract(before));
  }

  /** Something was used: taken whether there is room or not. */
  void use(BigDecimal amount, Moment now, long atMillis) {
    Offer source = from;
    if (source == null) {
      Lease late = amount.signum() == 0 ? null : account.late(now, atMillis);
      if (late == null) {
        return;
      }
      begin(late);
      source = late;
    }
    BigDecimal before = taken();
    used = used.add(amount);
    account.take(source, taken().subtract(before));
  }

  /** It was not used after all: nobody took its event. */
  void undo(BigDecimal amount) {
    Offer source = from;
    if (source != null) {
      BigDecimal before = taken();
      used = used.subtract(amount).max(BigDecimal.ZERO);
      account.take(source, taken().subtract(before));
    }
  }

  /** The call is over: the unused rest of the reservation goes back. */
  void finish() {
    Offer source = from;
    if (source != null) {
      BigDecimal before = taken();
      reserved = used;
      account.take(source, taken().subtract(before));
      if (!over && source instanceof Lease lease) {
        lease.release();
      }
    }
    if (begun && !over) {
      account.end();
    }
    over = true;
  }

  private void begin(Offer offered) {
    from = offered;
    if (!over && offered instanceof Lease lease) {
      lease.admit();
    }
  }

  private BigDecimal taken() {
    return reserved.max(used);
  }
}
