package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What somebody asks for, before plans and moments are looked up. Immutable. */
sealed interface Order {
  /** The moment for which it is asked; null for now by the clock of the customer. */
  @Nullable Instant at();

  /**
   * A new subscription.
   *
   * @param customer the id of the customer
   * @param plan the id of the plan
   * @param version of the plan; null for the current one
   * @param anchor a day on which a billing period begins; null for the first of the month
   */
  record Begin(
      String customer,
      String plan,
      @Nullable Integer version,
      @Nullable LocalDate anchor,
      ProrationRule proration,
      @Nullable Instant at)
      implements Order {}

  /**
   * A change of a subscription.
   *
   * @param plan of a switch, its id; otherwise null
   * @param version of the plan; null for the current one
   * @param timing when a switch, a migration or a cancellation takes effect, and whether another
   *     bill day cuts the running period; null for the usual
   * @param billDay of a change of it, 1 to 31; otherwise null
   * @param revision the change is refused if the subscription has another one; null for any
   */
  record Alter(
      OrderKind kind,
      @Nullable String plan,
      @Nullable Integer version,
      @Nullable Timing timing,
      @Nullable Integer billDay,
      @Nullable Long revision,
      @Nullable Instant at)
      implements Order {}

  /** The changes that can be asked for. */
  enum OrderKind {
    /** Another plan. */
    SWITCH(null),
    /** Another version of its plan. */
    MIGRATE(null),
    /** Its end. */
    CANCEL(null),
    /** Another day of the month on which its periods begin. */
    BILL_DAY(null),
    /** Nothing at the end of the period. */
    UNDO(Act.UNDO),
    /** A rest. */
    PAUSE(Act.PAUSE),
    /** The end of the rest. */
    RESUME(Act.RESUME),
    /** Another beginning. */
    REACTIVATE(Act.REACTIVATE),
    /** A payment was not made in time. */
    PAYMENT_MISSED(Act.PAYMENT_MISSED),
    /** The due amount is paid. */
    PAYMENT_MADE(Act.PAYMENT_MADE);

    private final @Nullable Act act;

    OrderKind(@Nullable Act act) {
      this.act = act;
    }

    /** The act, if it has the same name. */
    Optional<Act> act() {
      return Optional.ofNullable(act);
    }

    /** As it is written: {@code payment_missed}. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it can take effect now or at the end of the period. */
    boolean hasTiming() {
      return act == null;
    }
  }
}
