package io.billingsdk.grpc;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one call has used in each quantity, and what of that is settled. Not thread-safe: its
 * account guards it.
 */
final class CallQuantities {
  private static final int MOST = 16;
  private static final int DECIMALS = 18;
  private static final BigDecimal GREATEST = BigDecimal.valueOf(1L << 53);
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");

  private Map<String, BigDecimal> measured = Map.of();
  private Map<String, BigDecimal> settled = Map.of();

  /**
   * Takes what a meter says of the call until now. Checked here, since an event that is refused for
   * a number of its meter would cost the caller nothing.
   *
   * @throws IllegalStateException naming what is beyond the bounds; then the last measure stands
   */
  void measure(Map<String, ? extends @Nullable BigDecimal> untilNow) {
    Map<String, BigDecimal> checked = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends @Nullable BigDecimal> each : untilNow.entrySet()) {
      checked.put(name(each.getKey()), number(each.getKey(), each.getValue()));
      if (checked.size() > MOST) {
        throw new IllegalStateException("quantities: at most " + MOST + " are expected");
      }
    }
    measured = checked;
  }

  private static String name(@Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalStateException("quantities: a name must have 1 to 64 of a-z, 0-9 and _");
    }
    return name;
  }

  private static BigDecimal number(String name, @Nullable BigDecimal number) {
    if (number == null
        || number.signum() < 0
        || number.compareTo(GREATEST) > 0
        || number.stripTrailingZeros().scale() > DECIMALS) {
      throw new IllegalStateException(
          "quantities." + name + " must be from 0 to 2^53 with at most 18 decimals");
    }
    return number;
  }

  /** The part that no event has yet, which the next one says; nothing is ever taken back. */
  Map<String, BigDecimal> settle() {
    Map<String, BigDecimal> next = new LinkedHashMap<>();
    Map<String, BigDecimal> all = new LinkedHashMap<>(settled);
    for (Map.Entry<String, BigDecimal> each : measured.entrySet()) {
      BigDecimal before = settled.get(each.getKey());
      if (before == null) {
        next.put(each.getKey(), each.getValue());
        all.put(each.getKey(), each.getValue());
      } else if (each.getValue().compareTo(before) > 0) {
        next.put(each.getKey(), each.getValue().subtract(before));
        all.put(each.getKey(), each.getValue());
      }
    }
    settled = all;
    return next;
  }
}
