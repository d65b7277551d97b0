package io.billingsdk.server.costs;

import io.billingsdk.costs.Bucket;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A unit in which a caller counts, and the buckets that it may be of: minutes are those of sound,
 * of video or of something else, whichever has a price.
 *
 * @param factor how many of the base unit of the buckets it is
 */
record UsedUnit(BigDecimal factor, List<Bucket> buckets) {
  private static final List<Bucket> SECONDS =
      List.of(Bucket.AUDIO_SECONDS, Bucket.VIDEO_SECONDS, Bucket.DURATION_SECONDS);
  private static final List<Bucket> TOKENS = List.of(Bucket.INPUT, Bucket.OUTPUT);
  private static final List<Bucket> CALLS = List.of(Bucket.REQUESTS, Bucket.MESSAGES);

  private static final Map<String, UsedUnit> UNITS =
      Map.ofEntries(
          Map.entry("tokens", of(1, TOKENS)),
          Map.entry("seconds", of(1, SECONDS)),
          Map.entry("minutes", of(60, SECONDS)),
          Map.entry("hours", of(3_600, SECONDS)),
          Map.entry("bytes", of(1, List.of(Bucket.BYTES))),
          Map.entry("mb", of(1_048_576, List.of(Bucket.BYTES))),
          Map.entry("gb", of(1_073_741_824, List.of(Bucket.BYTES))),
          Map.entry("gb_months", of(1, List.of(Bucket.GB_MONTHS))),
          Map.entry("characters", of(1, List.of(Bucket.CHARACTERS))),
          Map.entry("images", of(1, List.of(Bucket.IMAGES))),
          Map.entry("pages", of(1, List.of(Bucket.PAGES, Bucket.ANNOTATED_PAGES))),
          Map.entry("calls", of(1, CALLS)),
          Map.entry("requests", of(1, CALLS)));

  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "token", "tokens",
          "second", "seconds",
          "minute", "minutes",
          "hour", "hours",
          "gb-month", "gb_months",
          "gb_month", "gb_months",
          "image", "images",
          "page", "pages",
          "call", "calls",
          "request", "requests");

  private static UsedUnit of(long factor, List<Bucket> buckets) {
    return new UsedUnit(BigDecimal.valueOf(factor), buckets);
  }

  /** The unit of a name, in capital or small letters. */
  static Optional<UsedUnit> of(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(UNITS.get(OTHER_NAMES.getOrDefault(small, small)));
  }

  static String names() {
    return String.join(", ", new TreeSet<>(UNITS.keySet()));
  }

  boolean isTokens() {
    return buckets.equals(TOKENS);
  }
}
