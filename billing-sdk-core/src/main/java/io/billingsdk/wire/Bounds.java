package io.billingsdk.wire;

/** The bounds of the protocol, which both ends hold. */
public final class Bounds {
  /** An encoded event, without {@code stream} and {@code seq}. */
  public static final int EVENT_BYTES = 16 * 1024;

  /** An API key, printable ASCII without space. */
  public static final int API_KEY_CHARS = 256;

  /** {@code module} and {@code model}. */
  public static final int NAME_CHARS = 256;

  /** Entries of the metadata, and of a map or list inside it. */
  public static final int METADATA_ENTRIES = 32;

  /** The name of an entry. */
  public static final int METADATA_NAME_CHARS = 64;

  /** A string value. */
  public static final int METADATA_STRING_CHARS = 1_024;

  /** Beyond this a double cannot tell an integer from the next one. */
  public static final double USAGE_MAX = 9_007_199_254_740_992.0;

  /** Depth of any JSON that is read. */
  public static final int JSON_DEPTH = 32;

  private Bounds() {}

  /** Whether a text could be an API key: 1 to 256 printable ASCII characters, no space. */
  public static boolean isWellFormedKey(String apiKey) {
    if (apiKey.isEmpty() || apiKey.length() > API_KEY_CHARS) {
      return false;
    }
    for (int i = 0; i < apiKey.length(); i++) {
      char c = apiKey.charAt(i);
      if (c <= ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a text is well-formed Unicode. Half a surrogate pair has no UTF-8; written as an escape
   * it would pass here and be refused by the database of the receiver, for ever.
   */
  public static boolean isWellFormedText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isSurrogatePair(c, text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
