package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.CommandException;
import java.util.function.Consumer;

/** A list of the server, page after page, until its end or a limit. For one thread. */
final class Pages {
  private static final long MOST_OF_A_PAGE = 1_000;

  private final BillingHttp http;
  private final String path;
  private final Query query;
  private final long limit;
  private boolean more;

  Pages(BillingHttp http, String path, Query query, long limit) {
    this.http = http;
    this.path = path;
    this.query = query;
    this.limit = limit;
  }

  /**
   * Gives each item.
   *
   * @throws CommandException when the server refuses or cannot be reached
   */
  void forEach(Consumer<JsonNode> action) {
    long left = limit;
    String cursor = null;
    do {
      JsonNode page =
          http.get(
              path,
              new Query()
                  .with("limit", Math.min(MOST_OF_A_PAGE, left))
                  .with("cursor", cursor)
                  .with(query));
      if (!page.path("items").isArray()) {
        throw new CommandException("the answer has no list in it: does a billing server answer?");
      }
      page.path("items").forEach(action);
      left -= page.path("items").size();
      cursor = page.path("next").isTextual() ? page.path("next").textValue() : null;
    } while (cursor != null && left > 0);
    more = cursor != null;
  }

  /** Whether the list goes on behind the limit. */
  boolean isMore() {
    return more;
  }
}
