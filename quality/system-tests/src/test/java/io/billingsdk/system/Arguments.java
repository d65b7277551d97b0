package io.billingsdk.system;

import java.util.HashMap;
import java.util.Map;

/** Arguments {@code key=value} of a child process. */
final class Arguments {
  private final Map<String, String> values = new HashMap<>();

  Arguments(String... args) {
    for (String arg : args) {
      int equals = arg.indexOf('=');
      values.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
  }

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + "= is missing");
    }
    return value;
  }

  String text(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  long number(String key, long otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Long.parseLong(value);
  }
}
