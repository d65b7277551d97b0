package io.billingsdk.internal.quotas;

import io.billingsdk.Admission.Refused;

/** What a quota answers to an amount. */
sealed interface Offer permits Lease, Offer.Unleased, Offer.No {

  /** The call goes on, though no lease admits it. */
  enum Unleased implements Offer {
    INSTANCE
  }

  /** The call must not go on. */
  record No(Refused refused) implements Offer {}
}
