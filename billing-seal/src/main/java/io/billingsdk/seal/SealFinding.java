package io.billingsdk.seal;

import java.time.LocalDate;
import java.util.List;

/**
 * Something that is not as it was sealed.
 *
 * @param day the day
 * @param kind what happened
 * @param rows the identities of the rows: two that were swapped, one that was changed, none where
 *     the seal itself is wrong. Of {@link Kind#MORE} the number of the rows
 */
public record SealFinding(LocalDate day, Kind kind, List<String> rows) {
  /** Copies the rows. */
  public SealFinding {
    rows = List.copyOf(rows);
  }

  /** One that is not about a row. */
  public static SealFinding of(LocalDate day, Kind kind) {
    return new SealFinding(day, kind, List.of());
  }

  /** What happened. */
  public enum Kind {
    /** The row says something else. */
    CHANGED("row changed"),
    /** The row is missing. */
    DELETED("row deleted"),
    /** The row was not there when the day was sealed. */
    INSERTED("row inserted"),
    /** Two rows have each other's content. */
    SWAPPED("rows swapped"),
    /** More rows differ than are named. */
    MORE("further rows that differ"),
    /** Rows differ, and nothing can name them. */
    UNNAMED(
        "rows differ; the list that would name them is missing, or is not the one that was sealed"),
    /** The rows are as they were sealed, and the list that was kept of them is not. */
    LIST("the rows are as they were sealed, but their list is not"),
    /** The seal is not signed by the key, or does not have the number of its rows. */
    FORGED("seal forged"),
    /** The seal does not contain the digest of the seal before. */
    UNCHAINED("seal not chained to the one before"),
    /** A day has no seal. */
    MISSING("seal missing"),
    /** The witness has another digest of the day. */
    REPLACED("day replaced together with its seal");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** One sentence for people. */
  public String sentence() {
    return day
        + ": "
        + kind.words
        + (rows.isEmpty() ? "." : ": " + String.join(" and ", rows) + ".");
  }
}
