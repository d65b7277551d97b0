package io.billingsdk.cli.journal;

import io.billingsdk.cli.console.WrongValueException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** By how much a clock was wrong: {@code -25h}, {@code +90m}, {@code -1d}. */
final class OffsetConverter implements ITypeConverter<Duration> {
  private static final Pattern OFFSET = Pattern.compile("([+-]?)([0-9]{1,9})(ms|s|m|h|d)");
  private static final Duration MOST = Duration.ofDays(400);

  @Override
  public Duration convert(String text) {
    Matcher offset = OFFSET.matcher(text);
    if (offset.matches()) {
      long amount = Long.parseLong(offset.group(2));
      Duration size =
          switch (offset.group(3)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (size.compareTo(MOST) <= 0) {
        return offset.group(1).equals("-") ? size.negated() : size;
      }
    }
    throw new WrongValueException(
        "from -400d to 400d, such as -25h, 90m or 500ms", "'" + text + "'");
  }
}
