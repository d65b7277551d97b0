package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param next where it goes on, for the parameter {@code cursor}; null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
  /**
   * A page.
   *
   * @param found the items found when one more than {@code limit} was asked for
   * @param cursor of an item
   */
  public static <S, T> Page<T> of(
      List<S> found, int limit, Function<S, T> view, Function<S, String> cursor) {
    boolean more = found.size() > limit;
    List<S> items = more ? found.subList(0, limit) : found;
    return new Page<>(
        items.stream().map(view).toList(), more ? cursor.apply(items.get(limit - 1)) : null);
  }

  /**
   * Where a list goes on: the last item's place in the order of the list, opaque to the caller. It
   * is no secret and gives no right; each part of it is checked by its reader, as any parameter.
   */
  public static final class Cursor {
    private Cursor() {}

    /**
     * A cursor.
     *
     * @param list the name of the list, so that the cursor of another is refused
     */
    public static String of(String list, String... place) {
      List<String> parts = new ArrayList<>();
      parts.add(list);
      parts.addAll(List.of(place));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(parts));
    }

    /** The place; empty when it is no cursor of this list with so many parts. */
    public static Optional<List<String>> read(String list, int parts, String cursor) {
      JsonNode read;
      try {
        read = Json.tree(Base64.getUrlDecoder().decode(cursor));
      } catch (IOException | IllegalArgumentException malformed) {
        return Optional.empty();
      }
      if (!read.isArray() || read.size() != parts + 1 || !read.get(0).asText().equals(list)) {
        return Optional.empty();
      }
      List<String> place = new ArrayList<>();
      for (int i = 1; i < read.size(); i++) {
        if (!read.get(i).isTextual()) {
          return Optional.empty();
        }
        place.add(read.get(i).textValue());
      }
      return Optional.of(place);
    }

    /** Whether a part is a number of an event: those that strangers gave have 19 digits too. */
    public static boolean isNumber(String text) {
      return text.matches("[0-9]{1,19}")
          && new BigInteger(text).compareTo(BigInteger.valueOf(Long.MAX_VALUE)) <= 0;
    }
  }
}
