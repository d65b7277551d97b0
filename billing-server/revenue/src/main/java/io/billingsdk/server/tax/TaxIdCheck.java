package io.billingsdk.server.tax;

/** Asks an office whether it knows a tax id, as VIES of the EU does. Thread-safe. */
@FunctionalInterface
public interface TaxIdCheck {
  /** What the office says. */
  enum CheckAnswer {
    /** It knows the id. */
    VALID,
    /** It does not know it. */
    INVALID,
    /** It does not answer now; the server asks again later. */
    UNAVAILABLE
  }

  /**
   * Asks.
   *
   * @param prefix of the country as its numbers have it, {@code EL} for Greece
   * @param number the rest
   */
  CheckAnswer check(String prefix, String number) throws InterruptedException;
}
