package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What the ledger took in while the live tail was cut: the tail itself has no memory. For one
 * thread.
 */
final class TailGapFill {
  /**
   * Usage that was older than this when it came is left out: the ledger is asked by time of use.
   */
  static final Duration OLDEST = Duration.ofHours(1);

  private static final Duration AHEAD = Duration.ofHours(24);
  private static final int PAGE = 1_000;

  private final BillingHttp http;
  private final Query filter;

  TailGapFill(BillingHttp http, Query filter) {
    this.http = http;
    this.filter = filter;
  }

  /**
   * Tells of all that was received since then, by the server's clock, in the order of its use.
   *
   * @param listener false: no more of them
   */
  void since(Instant received, Predicate<TailItem> listener) throws IOException {
    String cursor = null;
    do {
      JsonNode page =
          http.read(
              "/events",
              new Query()
                  .with("from", received.minus(OLDEST))
                  .with("to", received.plus(AHEAD).plus(AHEAD))
                  .with("limit", PAGE)
                  .with("cursor", cursor)
                  .with(filter));
      for (JsonNode event : page.path("items")) {
        boolean isMissed = !Instant.parse(event.path("receivedAt").asText()).isBefore(received);
        if (isMissed && !listener.test(new TailItem(TailItem.USAGE, event))) {
          return;
        }
      }
      cursor = page.path("next").asText(null);
    } while (cursor != null);
  }
}
