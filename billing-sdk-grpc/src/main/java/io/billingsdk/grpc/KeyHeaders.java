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

  private final Header[] headers;

  private KeyHeaders(Header[] headers) {
    this.headers = headers;
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
    return new KeyHeaders(names.stream().map(KeyHeaders::header).toArray(Header[]::new));
  }

  Presented read(Metadata metadata) {
    for (Header header : headers) {
      Iterable<String> values = metadata.getAll(header.key());
      Presented presented = values == null ? Presented.NONE : header.read(values);
      if (presented.ambiguous() || presented.apiKey() != null) {
        return presented;
      }
    }
    return Presented.NONE;
  }

  /** One of the entries; in {@code authorization} the key stands behind its scheme. */
  private record Header(Metadata.Key<String> key, boolean bearer) {

    Presented read(Iterable<String> values) {
      String found = null;
      for (String value : values) {
        String apiKey = bearer ? withoutScheme(value) : value.strip();
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
