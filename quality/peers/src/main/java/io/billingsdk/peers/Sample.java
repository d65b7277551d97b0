package io.billingsdk.peers;

import java.util.Arrays;
import java.util.Map;

/** The event that each library gets: the same facts, in the words of each. */
final class Sample {
  static final String KEY = "bk_live_k7f3a_0123456789abcdef0123456789abcdef_9d2c";
  static final String MODULE = "llm";
  static final String MODEL = "gpt-4";
  static final int TOKENS = 812;
  private static final int DIGITS = 9;

  /** No hexadecimal digits: an identity is not to be found in another one. */
  private static final String PREFIX = "evt-";

  private Sample() {}

  /** The identity of the event of this number. */
  static String id(int number) {
    String digits = Integer.toString(number);
    return PREFIX + "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** The number in an identity. */
  static int number(String id) {
    return Integer.parseInt(id, PREFIX.length(), id.length(), 10);
  }

  /** All facts but the identity's, for libraries that take a map. */
  static Map<String, Object> properties(String id) {
    return Map.of("id", id, "module", MODULE, "model", MODEL, "tokens", TOKENS, "tenant", "t-17");
  }

  /** Identities from 0 on. */
  static String[] ids(int count) {
    String[] ids = new String[count];
    Arrays.setAll(ids, Sample::id);
    return ids;
  }
}
