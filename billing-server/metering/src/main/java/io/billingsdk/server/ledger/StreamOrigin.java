package io.billingsdk.server.ledger;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the events of a stream come from, and so who numbers them. */
public enum StreamOrigin {
  /** An SDK that speaks protocol v2: it numbers its events, and says how far it has come. */
  V2,
  /** An SDK that speaks protocol v1 and numbers its events. It does not say how far it has come. */
  V1,
  /** Instances of protocol v1 without numbers, the Python SDK: the server numbers what comes. */
  V1_UNNUMBERED,
  /** The HTTP API: the server numbers what comes. */
  HTTP,
  /** A stream of no instance, of before the server noted it. */
  UNKNOWN;

  /** Whether this server numbers its events, so that none can be missing between two. */
  public boolean isNumberedHere() {
    return this == V1_UNNUMBERED || this == HTTP;
  }

  /** As it is written: {@code v1-unnumbered}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * That of a row.
   *
   * @param text null when it was not noted
   * @param known whether an instance is known that said or sent something
   */
  static StreamOrigin of(@Nullable String text, boolean known) {
    for (StreamOrigin each : values()) {
      if (each.text().equals(text)) {
        return each;
      }
    }
    return known ? V2 : UNKNOWN;
  }
}
