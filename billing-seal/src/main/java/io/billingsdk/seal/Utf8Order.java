package io.billingsdk.seal;

/**
 * The order of texts by their bytes in UTF-8, which is that of {@code COLLATE "C"} in PostgreSQL.
 */
final class Utf8Order {
  private Utf8Order() {}

  /** As a comparator says it. */
  static int compare(String one, String other) {
    int common = Math.min(one.length(), other.length());
    for (int i = 0; i < common; i++) {
      char mine = one.charAt(i);
      char its = other.charAt(i);
      if (mine != its) {
        boolean isPart = Character.isSurrogate(mine);
        if (isPart == Character.isSurrogate(its)) {
          return Character.compare(mine, its);
        }
        // A pair stands for a character after all those of one char.
        return isPart ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
