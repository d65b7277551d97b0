package io.billingsdk.server.revenue;

import io.billingsdk.rating.Money;

/** The movements of recurring revenue in one currency; each is at least 0. For one thread. */
final class MrrSums {
  private Money opening;
  private Money gained;
  private Money expansion;
  private Money contraction;
  private Money churn;
  private Money reactivation;
  private Money closing;

  MrrSums(Money zero) {
    this.opening = zero;
    this.gained = zero;
    this.expansion = zero;
    this.contraction = zero;
    this.churn = zero;
    this.reactivation = zero;
    this.closing = zero;
  }

  /** A change before the time. */
  void open(Money before, Money now) {
    opening = opening.plus(now).minus(before);
    closing = closing.plus(now).minus(before);
  }

  /**
   * A change within the time.
   *
   * @param hasPaid whether the customer has ever paid before
   */
  void move(Money before, Money now, boolean hasPaid) {
    Money change = now.minus(before);
    closing = closing.plus(change);
    if (change.signum() > 0) {
      rise(before, change, hasPaid);
    } else if (now.signum() == 0) {
      churn = churn.minus(change);
    } else {
      contraction = contraction.minus(change);
    }
  }

  private void rise(Money before, Money change, boolean hasPaid) {
    if (before.signum() > 0) {
      expansion = expansion.plus(change);
    } else if (hasPaid) {
      reactivation = reactivation.plus(change);
    } else {
      gained = gained.plus(change);
    }
  }

  /** Before the time. */
  Money opening() {
    return opening;
  }

  /** Of customers who had never paid. */
  Money gained() {
    return gained;
  }

  /** Of customers who pay more. */
  Money expansion() {
    return expansion;
  }

  /** Of customers who pay less. */
  Money contraction() {
    return contraction;
  }

  /** Of customers who pay nothing now. */
  Money churn() {
    return churn;
  }

  /** Of customers who pay again. */
  Money reactivation() {
    return reactivation;
  }

  /** After the time. */
  Money closing() {
    return closing;
  }
}
