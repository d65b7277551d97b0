package io.billingsdk.grpc;

import io.grpc.Metadata;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The metadata entries that may hold an API key, in order of preference. */
final class KeyHeaders {
  private static final List<String> USUAL =
      List.of("api-key", "apikey", "x-api-key", "authorization");
  private static final String BEARER = "bearer ";

  private final List<Metadata.Key<String>> keys;

  private KeyHeaders(List<Metadata.Key<String>> keys) {
    this.keys = keys;
  }

  /**
   * What a call presents.
   *
   * @param apiKey null when it presents none
   * @param ambiguous the first entry that is present holds several different keys
   */
  record Presented(@Nullable String apiKey, boolean ambiguous) {
    private static final Presented NONE = new Presented(null, /* ambiguous= */ false);
    private static final Presented AMBIGUOUS = new Presented(null, /* ambiguous= */ true);

    @Override
    public String toString() {
      return "Presented[" + (apiKey == null ? "none" : "***") + ", ambiguous=" + ambiguous + "]";
    }
  }

  static KeyHeaders usual() {
    return named(USUAL);
  }

  static KeyHeaders named(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("headers: at least one name is needed");
    }
    return new KeyHeaders(names.stream().map(KeyHeaders::key).toList());
  }

  Presented read(Metadata metadata) {
    for (Metadata.Key<String> key : keys) {
      if (metadata.containsKey(key)) {
        Presented presented = read(metadata, key);
        if (presented.ambiguous() || presented.apiKey() != null) {
          return presented;
        }
      }
    }
    return Presented.NONE;
  }

  private static Presented read(Metadata metadata, Metadata.Key<String> key) {
    Iterable<String> values = metadata.getAll(key);
    String found = null;
    for (String value : values == null ? List.<String>of() : values) {
      String apiKey = key.name().equals("authorization") ? withoutScheme(value) : value.strip();
      if (apiKey == null || apiKey.isEmpty() || apiKey.equals(found)) {
        continue;
      }
      if (found != null) {
        return Presented.AMBIGUOUS;
      }
      found = apiKey;
    }
    return found == null ? Presented.NONE : new Presented(found, /* ambiguous= */ false);
  }

  private static @Nullable String withoutScheme(String value) {
    return value.regionMatches(/* ignoreCase= */ true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  private static Metadata.Key<String> key(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      throw new IllegalArgumentException("headers: '" + name + "' names a binary entry");
    }
    return Metadata.Key.of(lower, Metadata.ASCII_STRING_MARSHALLER);
  }
}
