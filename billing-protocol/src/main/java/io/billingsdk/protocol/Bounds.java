package io.billingsdk.protocol;

import java.math.BigDecimal;

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

  /**
   * A number of an event, and any count that a producer says of itself. Beyond this a double cannot
   * tell an integer from the next one, and sums would leave the 64 bits in which they are kept.
   */
  public static final long COUNT_MAX = 9_007_199_254_740_992L;

  /**
   * How far the number of an event may lie above the highest of its stream that has come: 2^40. Who
   * gives 30,000 numbers a second takes longer than a year for that, so that no stream of an honest
   * producer is stopped by it, though the ledger be empty.
   */
  public static final long SEQ_JUMP_MAX = 1L << 40;

  /** A batch of events, as sent and as expanded. */
  public static final int BATCH_BYTES = 256 * 1024;

  /** Events of one batch. */
  public static final int BATCH_EVENTS = 5_000;

  /** The application's own identity of an event, printable ASCII without space. */
  public static final int IDEMPOTENCY_KEY_CHARS = 256;

  /** The reason that an operator gives for a block, and the like. */
  public static final int REASON_CHARS = 256;

  /** Depth of any JSON that is read. */
  public static final int JSON_DEPTH = 32;

  /** Decimals of a usage. */
  public static final int USAGE_DECIMALS = 18;

  /** Quantities of an event, besides its usage. */
  public static final int QUANTITIES = 16;

  /** The name of a quantity. */
  public static final int QUANTITY_NAME_CHARS = 64;

  /** Leases that one event may name. */
  public static final int ADMISSION_EPOCHS = 8;

  /** The epoch of a lease, of {@code A-Z a-z 0-9 _ -}. */
  public static final int EPOCH_CHARS = 64;

  /** The id of a quota, printable ASCII without space. */
  public static final int QUOTA_ID_CHARS = 256;

  /** Quotas, keys and refusals, each, in one request for leases, and in its answer. */
  public static final int LEASE_ENTRIES = 256;

  /** A request for leases, or an answer. */
  public static final int LEASE_BYTES = 128 * 1024;

  /** Digits of a number in metadata, before and after its point together. */
  static final int NUMBER_DIGITS = 512;

  /** What a double is written with at most, and the decimals that one of use to anybody has. */
  private static final int DOUBLE_DIGITS = 17;

  private static final int DOUBLE_DECIMALS = 40;

  private static final BigDecimal USAGE_MOST = BigDecimal.valueOf(USAGE_MAX);

  private Bounds() {}

  /**
   * Whether a number could be the usage of an event: 0 to 2^53, with at most 18 decimals. A
   * producer that computes with doubles does not choose how many decimals they are written with, so
   * a number of at most 17 digits may have up to 40. However long its exponent is, nothing of that
   * length is made.
   */
  public static boolean isUsage(BigDecimal usage) {
    return usage.signum() >= 0
        && usage.precision() <= NUMBER_DIGITS
        && Math.abs((long) usage.scale()) <= NUMBER_DIGITS
        && usage.compareTo(USAGE_MOST) <= 0
        && (usage.scale() <= USAGE_DECIMALS || hasFewDecimals(usage.stripTrailingZeros()));
  }

  /**
   * Whether a number could be a quantity of an event: 0 to 2^53, with at most 18 decimals. However
   * long its exponent is, nothing of that length is made.
   */
  public static boolean isQuantity(BigDecimal quantity) {
    return isUsage(quantity)
        && (quantity.scale() <= USAGE_DECIMALS
            || quantity.stripTrailingZeros().scale() <= USAGE_DECIMALS);
  }

  /** Whether a text could be the name of a quantity: 1 to 64 of a-z, 0-9 and _. */
  public static boolean isQuantityName(String name) {
    if (name.isEmpty() || name.length() > QUANTITY_NAME_CHARS) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean hasFewDecimals(BigDecimal usage) {
    return usage.scale() <= USAGE_DECIMALS
        || (usage.scale() <= DOUBLE_DECIMALS && usage.precision() <= DOUBLE_DIGITS);
  }

  /** Whether a text could be an API key: 1 to 256 printable ASCII characters, no space. */
  public static boolean isWellFormedKey(String apiKey) {
    return isPrintable(apiKey, API_KEY_CHARS);
  }

  /** Whether a text could be an idempotency key: 1 to 256 printable ASCII characters, no space. */
  public static boolean isWellFormedIdempotencyKey(String key) {
    return isPrintable(key, IDEMPOTENCY_KEY_CHARS);
  }

  /** Whether a text could be the epoch of a lease: 1 to 64 of A-Z, a-z, 0-9, _ and -. */
  public static boolean isEpoch(String text) {
    if (text.isEmpty() || text.length() > EPOCH_CHARS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z')
          && (c < 'A' || c > 'Z')
          && (c < '0' || c > '9')
          && c != '_'
          && c != '-') {
        return false;
      }
    }
    return true;
  }

  /** Whether a text could be the id of a quota: 1 to 256 printable ASCII characters, no space. */
  public static boolean isQuotaId(String text) {
    return isPrintable(text, QUOTA_ID_CHARS);
  }

  private static boolean isPrintable(String text, int maxChars) {
    if (text.isEmpty() || text.length() > maxChars) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a text is well-formed Unicode, without U+0000. Half a surrogate pair has no UTF-8, and
   * most databases have no place for U+0000; written as escapes they would pass here and be refused
   * by the receiver, for ever.
   */
  public static boolean isWellFormedText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        return false;
      }
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
