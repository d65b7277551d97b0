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

  /** Stands for several different keys; known by its identity, since a caller can send any text. */
  private static final String AMBIGUOUS = "several different keys";

  private final Header[] headers;

  private KeyHeaders(Header[] headers) {
    this.headers = headers;
  }

  static KeyHeaders usual() {
    return named(USUAL);
  }

  static KeyHeaders named(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("headers: at least one name is needed");
    }
    return new KeyHeaders(names.stream().map(KeyHeaders::header).toArray(Header[]::new));
  }

  /** The key that a call presents; null when it presents none. */
  @Nullable String read(Metadata metadata) {
    for (Header header : headers) {
      Iterable<String> values = metadata.getAll(header.key());
      String apiKey = values == null ? null : header.read(values);
      if (apiKey != null) {
        return apiKey;
      }
    }
    return null;
  }

  /** Whether what was read stands for several different keys, and is none itself. */
  @SuppressWarnings("ReferenceEquality") // A caller that sends the same text is not meant.
  static boolean isAmbiguous(String read) {
    return read == AMBIGUOUS;
  }

  /** One of the entries; in {@code authorization} the key stands behind its scheme. */
  private record Header(Metadata.Key<String> key, boolean bearer) {

    @Nullable String read(Iterable<String> values) {
      String found = null;
      for (String value : values) {
        String apiKey = bearer ? withoutScheme(value) : value.strip();
        if (apiKey == null || apiKey.isEmpty() || apiKey.equals(found)) {
          continue;
        }
        if (found != null) {
          return AMBIGUOUS;
        }
        found = apiKey;
      }
      return found;
    }
  }

  private static @Nullable String withoutScheme(String value) {
    return value.regionMatches(/* ignoreCase= */ true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  private static Header header(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      throw new IllegalArgumentException("headers: '" + name + "' names a binary entry");
    }
    return new Header(
        Metadata.Key.of(lower, Metadata.ASCII_STRING_MARSHALLER), lower.equals("authorization"));
  }
}
