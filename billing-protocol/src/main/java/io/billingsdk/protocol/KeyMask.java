package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Takes API keys and access tokens out of what is kept, shown or logged. It knows them by what they
 * look like, wherever they stand: as a value, as a name, within a longer text; as they are,
 * percent-encoded, with the escapes of JSON, or in Base64. A key of another system, which looks
 * like nothing in particular, it does not know.
 *
 * <p>Thread-safe; has no state.
 */
public final class KeyMask {
  /** Stands where a key stood. */
  public static final String MASK = "***";

  /** How secrets begin, and how many characters follow at least. Shorter ones open nothing. */
  private static final Map<String, Integer> BEGINNINGS = Map.of("bk_live_", 8, "bt_t", 40);

  private static final int SHORTEST = 10;
  private static final int NONE = -1;

  /** A key within Base64, by its place in a group of three bytes. */
  private static final List<String> BASE64 =
      IntStream.range(0, 3).mapToObj(KeyMask::base64).toList();

  private KeyMask() {}

  /** Whether a key is in a text. */
  public static boolean isIn(String text) {
    return mayHold(text) && !masked(text).equals(text);
  }

  /** The text with a mask in place of each key; the text itself when there is none. */
  public static String masked(String text) {
    if (!mayHold(text)) {
      return text;
    }
    StringBuilder masked = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = endOfKey(text, at);
      if (end == NONE) {
        int next = afterEscapes(text, at);
        masked.append(text, at, next);
        at = next;
      } else {
        masked.append(MASK);
        at = end;
      }
    }
    String without = withoutBase64(masked.toString());
    return without.equals(text) ? text : without;
  }

  /** The document with a mask in place of each key, in names too. It is not changed itself. */
  public static JsonNode masked(JsonNode node) {
    return isIn(node) ? copy(node) : node;
  }

  private static boolean isIn(JsonNode node) {
    if (node.isTextual()) {
      return isIn(node.textValue());
    }
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (isIn(each.getKey())) {
        return true;
      }
    }
    for (JsonNode each : node) {
      if (isIn(each)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode copy(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object(object);
    }
    if (node instanceof ArrayNode array) {
      ArrayNode masked = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(each -> masked.add(copy(each)));
      return masked;
    }
    return node.isTextual() ? TextNode.valueOf(masked(node.textValue())) : node;
  }

  private static ObjectNode object(ObjectNode object) {
    ObjectNode masked = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      String name = masked(each.getKey());
      // Two keys as names are two fields still.
      for (int number = 2; masked.has(name); number++) {
        name = masked(each.getKey()) + number;
      }
      masked.set(name, copy(each.getValue()));
    }
    return masked;
  }

  /** Quick, and right where it says no. */
  private static boolean mayHold(String text) {
    return text.length() >= SHORTEST
        && (text.indexOf("live_") >= 0
            || text.indexOf("bt_t") >= 0
            || text.indexOf('%') >= 0
            || text.indexOf('\\') >= 0
            || mayHoldBase64(text));
  }

  private static boolean mayHoldBase64(String text) {
    // No stream: each text of each event comes by here.
    for (String part : BASE64) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }

  /** The end of the key that begins here. */
  private static int endOfKey(String text, int from) {
    for (Map.Entry<String, Integer> each : BEGINNINGS.entrySet()) {
      int at = afterBeginning(text, from, each.getKey());
      int length = 0;
      for (int unit = unit(text, at); unit != NONE && isOfKey((char) unit); length++) {
        at += length(text, at);
        unit = unit(text, at);
      }
      if (length >= each.getValue()) {
        return at;
      }
    }
    return NONE;
  }

  /**
   * Where to look next, when no key begins here: behind a run of backslashes or of {@code 25},
   * within which none begins either. One by one, each would read the rest of the run again.
   */
  private static int afterEscapes(String text, int at) {
    char first = text.charAt(at);
    int next = at + 1;
    if (first == '\\') {
      while (next < text.length() && text.charAt(next) == first) {
        next++;
      }
    } else if (first == '%') {
      while (text.startsWith("25", next)) {
        next += 2;
      }
    }
    return next;
  }

  private static int afterBeginning(String text, int from, String beginning) {
    int at = from;
    for (int i = 0; i < beginning.length(); i++) {
      if (unit(text, at) != beginning.charAt(i)) {
        return text.length();
      }
      at += length(text, at);
    }
    return at;
  }

  /** The character that begins here, encoded or not. */
  private static int unit(String text, int at) {
    if (at >= text.length()) {
      return NONE;
    }
    int length = length(text, at);
    return length == 1
        ? text.charAt(at)
        : Integer.parseInt(
            text.substring(at + length - (text.charAt(at) == '%' ? 2 : 4), at + length), 16);
  }

  /**
   * How many characters it takes: as it is one, percent-encoded three, as an escape six or more.
   */
  private static int length(String text, int at) {
    int digits;
    int needed;
    if (text.charAt(at) == '%') {
      digits = at + 1;
      while (text.startsWith("25", digits) && isHex(text, digits + 2, 2)) {
        digits += 2;
      }
      needed = 2;
    } else if (text.charAt(at) == '\\') {
      digits = at;
      while (digits < text.length() && text.charAt(digits) == '\\') {
        digits++;
      }
      if (!text.startsWith("u", digits)) {
        return 1;
      }
      digits++;
      needed = 4;
    } else {
      return 1;
    }
    return isHex(text, digits, needed) ? digits + needed - at : 1;
  }

  private static boolean isHex(String text, int from, int digits) {
    if (from + digits > text.length()) {
      return false;
    }
    for (int i = from; i < from + digits; i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfKey(char c) {
    return isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static String withoutBase64(String text) {
    String masked = text;
    for (String part : BASE64) {
      masked = without(part, masked);
    }
    return masked;
  }

  /** The text without the words of Base64 in which a part stands. */
  private static String without(String part, String text) {
    int at = text.indexOf(part);
    if (at < 0) {
      return text;
    }
    StringBuilder masked = new StringBuilder(text.length());
    int copied = 0;
    while (at >= 0) {
      int first = at;
      while (first > copied && isOfBase64(text.charAt(first - 1))) {
        first--;
      }
      int end = at;
      while (end < text.length() && isOfBase64(text.charAt(end))) {
        end++;
      }
      masked.append(text, copied, first).append(MASK);
      copied = end;
      at = text.indexOf(part, end);
    }
    return masked.append(text, copied, text.length()).toString();
  }

  private static boolean isOfBase64(char c) {
    return isOfKey(c) || c == '+' || c == '/' || c == '=';
  }

  /** What Base64 makes of the beginning of a key behind so many bytes: the same, whatever these. */
  private static String base64(int before) {
    byte[] key = "bk_live_".getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[before + key.length];
    System.arraycopy(key, 0, bytes, before, key.length);
    String encoded = Base64.getEncoder().encodeToString(bytes);
    int first = (before * 8 + 5) / 6;
    return encoded.substring(first, bytes.length * 8 / 6);
  }
}
