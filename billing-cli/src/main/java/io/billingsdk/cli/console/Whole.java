package io.billingsdk.cli.console;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/**
 * Reads a whole number within bounds. Another text is refused with the bounds, in words: {@code
 * must be a whole number from 1 to 400, but was 1e9}. Each sort of number is a class of its own,
 * since picocli makes converters by their class.
 */
public interface Whole extends ITypeConverter<Long> {
  /** The lowest of them. */
  long least();

  /** The highest of them. */
  long most();

  @Override
  default Long convert(String text) {
    Long number = text.matches("-?[0-9]{1,19}") ? parsed(text) : null;
    if (number == null || number < least() || number > most()) {
      throw new WrongValueException("a whole number from " + least() + " to " + most(), text);
    }
    return number;
  }

  /** Null beyond the range of a long. */
  private static @Nullable Long parsed(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  /** A port, or 0 for any that is free. */
  final class Port implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 65_535;
    }
  }

  /** How often something may be done. */
  final class Frequency implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 1_000_000;
    }
  }

  /** For how many seconds a stream may be silent: a day at most. */
  final class Silence implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 86_400;
    }
  }

  /** For how many days a token is good. */
  final class Days implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 400;
    }
  }

  /** For how many hours two keys are good at once, up to some ten years. */
  final class Hours implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 87_600;
    }
  }

  /** How many things are to be shown. */
  final class Count implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 1_000_000_000;
    }
  }

  /** How long something is tried, in seconds, up to a day. */
  final class Patience implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 86_400;
    }
  }

  /** The number of an event in its stream; events from before the bound have any. */
  final class Seq implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return Long.MAX_VALUE;
    }
  }

  /** The id of something in a list of the server, or a number in a stream. */
  final class Id implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 999_999_999_999_999_999L;
    }
  }

  /** In how many days a payment is due. */
  final class NetDays implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 365;
    }
  }

  /** Days until a declined charge is tried again. */
  final class RetryDays implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 90;
    }
  }

  /** Days after the first decline in which it is tried again; 0 for any. */
  final class WindowDays implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 365;
    }
  }

  /** Which of several is used first. */
  final class Priority implements Whole {
    @Override
    public long least() {
      return 0;
    }

    @Override
    public long most() {
      return 1_000;
    }
  }

  /** The number of a line of a document. */
  final class Line implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 2_147_483_647L;
    }
  }

  /** Which day of a month. */
  final class MonthDay implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 31;
    }
  }

  /** For how many months. */
  final class Months implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 36;
    }
  }

  /** For how many months something is kept. */
  final class KeptMonths implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 1_200;
    }
  }

  /** On how many invoices something counts. */
  final class Invoices implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 1_000_000;
    }
  }
}
