package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.WrongValueException;
import io.billingsdk.protocol.Bounds;
import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;

/** Reads an amount of usage, exactly. */
final class Amount implements ITypeConverter<BigDecimal> {
  /** A number of so many digits is read in no time; a longer text is refused. */
  private static final int LONGEST = 600;

  @Override
  public BigDecimal convert(String text) {
    BigDecimal amount = text.length() <= LONGEST ? parsed(text) : BigDecimal.ONE.negate();
    // Before it is written out: 1e999999999 would have a billion digits.
    if (!Bounds.isUsage(amount)) {
      throw new WrongValueException(
          "a number from 0 to 9007199254740992, as 150 or 12.5",
          text.substring(0, Math.min(40, text.length())));
    }
    return amount;
  }

  private static BigDecimal parsed(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException none) {
      return BigDecimal.ONE.negate();
    }
  }
}
