package io.billingsdk.seal;

import java.time.LocalDate;
import java.util.List;

/**
 * The seal of a ledger day. Immutable.
 *
 * @param day the day
 * @param before the digest of the seal before, or {@link #FIRST}
 * @param entries the rows of the day, in the order of the ledger
 * @param digest the SHA-256 of all of the above, in hex
 * @param signature the signature of the digest by Ed25519, in hex
 */
public record DaySeal(
    LocalDate day, String before, List<SealEntry> entries, String digest, String signature) {
  /** What stands before the first seal. */
  public static final String FIRST = "0".repeat(64);

  /** Copies the entries. */
  public DaySeal {
    entries = List.copyOf(entries);
  }
}
