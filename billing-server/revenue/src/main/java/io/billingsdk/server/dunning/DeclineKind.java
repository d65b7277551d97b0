package io.billingsdk.server.dunning;

import java.util.Locale;

/** Why a charge was declined, as far as it matters for the next one. */
public enum DeclineKind {
  /** The account has too little, today. */
  FUNDS,
  /** The bank or the network had trouble, or gives no reason. */
  TEMPORARY,
  /** Stolen, lost, closed or fraud: the networks forbid another attempt. */
  HARD,
  /** The payment method is wrong or too old; another one is needed. */
  METHOD;

  /** As it is written: {@code funds}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Of a text of {@link #text()}; of any other one the class that is tried again with care. */
  public static DeclineKind of(String text) {
    for (DeclineKind each : values()) {
      if (each.text().equals(text)) {
        return each;
      }
    }
    return TEMPORARY;
  }

  /** Whether the same payment method may be charged again. */
  boolean isTriedAgain() {
    return this == FUNDS || this == TEMPORARY;
  }
}
