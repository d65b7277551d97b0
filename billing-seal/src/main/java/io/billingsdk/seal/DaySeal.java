package io.billingsdk.seal;

import java.time.LocalDate;

/**
 * The seal of a ledger day. Immutable.
 *
 * @param day the day
 * @param before the digest of the seal before, or {@link #FIRST}
 * @param rows how many rows the day has
 * @param digest the SHA-256 of the two and of the entries of all rows in their order, in hex
 * @param signature the signature of the digest by Ed25519, in hex
 */
public record DaySeal(LocalDate day, String before, long rows, String digest, String signature) {
  /** What stands before the first seal. */
  public static final String FIRST = "0".repeat(64);
}
