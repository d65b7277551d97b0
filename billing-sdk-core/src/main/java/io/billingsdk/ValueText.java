package io.billingsdk;

/** Prints a value whose parts are in a private record, under the name that users know. */
final class ValueText {
  private ValueText() {}

  /** As the record prints itself, with this name in place of its own. */
  static String of(String name, Record parts) {
    String text = parts.toString();
    return name + text.substring(text.indexOf('['));
  }
}
