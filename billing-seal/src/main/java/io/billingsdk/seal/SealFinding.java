package io.billingsdk.seal;

import java.time.LocalDate;

/**
 * Something that is not as it was sealed.
 *
 * @param day the day
 * @param kind what happened
 * @param rows the identities of the rows, or nothing where the seal itself is wrong; two rows that
 *     were swapped are joined by a space
 */
public record SealFinding(LocalDate day, Kind kind, String rows) {
  /** What happened. */
  public enum Kind {
    /** The row says something else. */
    CHANGED("row changed"),
    /** The row is missing. */
    DELETED("row deleted"),
    /** The row was not there when the day was sealed. */
    INSERTED("row inserted"),
    /** Two rows have each other's content, or each other's place. */
    SWAPPED("rows swapped"),
    /** The seal is not signed by the key, or its digest is not that of its entries. */
    FORGED("seal forged"),
    /** The seal does not contain the digest of the seal before. */
    UNCHAINED("seal not chained to the one before"),
    /** A sealed day has no rows to compare, or a day has no seal. */
    MISSING("day or seal missing"),
    /** The witness has another digest of the day. */
    REPLACED("day replaced together with its seal");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** One sentence for people. */
  public String sentence() {
    return day + ": " + kind.words + (rows.isEmpty() ? "." : ": " + rows + ".");
  }
}
