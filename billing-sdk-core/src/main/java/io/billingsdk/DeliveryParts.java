package io.billingsdk;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a {@link ClientStatus.Delivery}, which documents them. */
record DeliveryParts(
    long accepted,
    long delivered,
    long pending,
    long deadLettered,
    long dropped,
    Map<RejectionReason, Long> rejected,
    @Nullable String trouble) {

  DeliveryParts {
    rejected = Map.copyOf(rejected);
  }

  DeliveryParts withTrouble(@Nullable String newTrouble) {
    return new DeliveryParts(
        accepted, delivered, pending, deadLettered, dropped, rejected, newTrouble);
  }
}
