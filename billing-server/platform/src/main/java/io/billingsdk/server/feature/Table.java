package io.billingsdk.server.feature;

/**
 * A table that a feature owns: no other feature writes it.
 *
 * @param isAppendOnly whether rows are added and never changed. The server refuses a login that may
 *     do more than add to such a table and read it
 */
public record Table(String name, boolean isAppendOnly) {
  /** A table whose rows change. */
  public static Table of(String name) {
    return new Table(name, /* isAppendOnly= */ false);
  }

  /** A table whose rows are added and never changed. */
  public static Table appendOnly(String name) {
    return new Table(name, /* isAppendOnly= */ true);
  }
}
