package io.billingsdk.internal.journal;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a retained segment: {@code <when it was settled, milliseconds since 1970, 20
 * digits>-<the segment's name>}.
 */
record RetainedName(long settledMillis, SegmentName segment) implements Comparable<RetainedName> {
  private static final Pattern NAME = Pattern.compile("(\\d{20})-(seg-.*)");
  private static final Comparator<RetainedName> OLDEST_FIRST =
      Comparator.comparingLong(RetainedName::settledMillis)
          .thenComparing(RetainedName::segment)
          .thenComparing(name -> name.segment().stream());

  static Optional<RetainedName> parse(String fileName) {
    Matcher matcher = NAME.matcher(fileName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long millis = Long.parseLong(matcher.group(1));
      return SegmentName.parse(matcher.group(2)).map(segment -> new RetainedName(millis, segment));
    } catch (NumberFormatException beyondALong) {
      return Optional.empty();
    }
  }

  String fileName() {
    return String.format(Locale.ROOT, "%020d-%s", settledMillis, segment.wal());
  }

  @Override
  public int compareTo(RetainedName other) {
    return OLDEST_FIRST.compare(this, other);
  }
}
