package io.billingsdk.server.notifications;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/** Which kinds of notices somebody wants: {@code *}, {@code quota.*}, {@code key.blocked}. */
final class KindPatterns {
  static final int MOST = 32;
  static final int CHARS = 64;

  private KindPatterns() {}

  /**
   * Patterns that may be stored, each once.
   *
   * @throws RequestRefusedException when one fits no kind: it would be a silent endpoint
   */
  static List<String> require(List<String> patterns) {
    if (patterns.isEmpty() || patterns.size() > MOST) {
      throw RequestRefusedException.invalid("kinds", "a list of 1 to " + MOST);
    }
    for (String each : patterns) {
      if (Arrays.stream(NoticeKind.values()).noneMatch(kind -> fits(each, kind.text()))) {
        throw RequestRefusedException.invalid(
            "kinds", "kinds of notices, such as key.blocked, quota.* or *");
      }
    }
    return List.copyOf(new LinkedHashSet<>(patterns));
  }

  static boolean fit(List<String> patterns, String kind) {
    return patterns.stream().anyMatch(each -> fits(each, kind));
  }

  private static boolean fits(String pattern, String kind) {
    return pattern.equals("*")
        || pattern.equals(kind)
        || (pattern.endsWith(".*") && kind.startsWith(pattern.substring(0, pattern.length() - 1)));
  }
}
