package io.billingsdk.server.http;

import java.util.List;
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
   * @param found what was found when one more than {@code limit} was asked for
   * @param cursor of an item
   */
  public static <S, T> Page<T> of(
      List<S> found, int limit, Function<S, T> view, Function<S, String> cursor) {
    boolean more = found.size() > limit;
    List<S> items = more ? found.subList(0, limit) : found;
    return new Page<>(
        items.stream().map(view).toList(), more ? cursor.apply(items.get(limit - 1)) : null);
  }
}
