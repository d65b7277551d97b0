package io.billingsdk.server.invoices;

import java.util.List;

/**
 * What became of making a document again. Immutable.
 *
 * @param number of the document
 * @param result how the two compare
 * @param differences what differs, each with the place in the document; empty of identical ones
 */
public record Verification(String number, Result result, List<String> differences) {
  /** Copies the list. */
  public Verification {
    differences = List.copyOf(differences);
  }

  /** How a document compares with the one that was made again. */
  public enum Result {
    /** Byte by byte the same, and its rows say the same. */
    IDENTICAL,
    /** Something has changed since the issue. */
    DIFFERENT,
    /** The server reckons by another version now, so the two may differ without a change. */
    OTHER_VERSION
  }
}
