package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which rejected events are to be replayed, and how. */
final class BatchOptions {
  @Option(names = "--all", description = "all that were not replayed yet")
  private boolean all;

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "those that were rejected for this reason: IN_FUTURE")
  private @Nullable String code;

  @Mixin private KeptOptions kept = new KeptOptions();

  @Option(names = "--app", paramLabel = "APP", description = "those whose key belongs to this app")
  private @Nullable String app;

  @Mixin private PeriodOptions received = new PeriodOptions();

  @Option(
      names = "--occurred-at-offset",
      paramLabel = "OFFSET",
      converter = Offset.class,
      description = "added to the time of each event, at most 400 days: -25h, 90m; default: none")
  private @Nullable Long offsetSeconds;

  @Option(names = "--dry-run", description = "say what would happen, and change nothing")
  private boolean dryRun;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Whole.Count.class,
      description = "how many to look at, at most; default: all")
  private long limit = Long.MAX_VALUE;

  /** Whether any was given that only a batch has. */
  boolean isGiven() {
    return all
        || dryRun
        || code != null
        || app != null
        || offsetSeconds != null
        || kept.instance() != null
        || kept.stream() != null
        || received.isGiven()
        || limit != Long.MAX_VALUE;
  }

  long limit() {
    return limit;
  }

  /** As the API takes them. */
  ObjectNode body() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    put(body, "code", code);
    put(body, "instance", kept.instance());
    put(body, "appId", app);
    put(body, "stream", kept.stream());
    Instant from = received.from();
    put(body, "receivedFrom", from);
    put(body, "receivedTo", received.to());
    if (offsetSeconds != null) {
      body.put("occurredAtOffsetSeconds", offsetSeconds);
    }
    return body.put("dryRun", dryRun);
  }

  private static void put(ObjectNode body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value.toString());
    }
  }

  /** Seconds of {@code -25h}. */
  private static final class Offset implements ITypeConverter<Long> {
    private static final long MOST_SECONDS = 400L * 86_400;

    @Override
    public Long convert(String text) {
      if (text.matches("-?[0-9]{1,8}[smhd]")) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        long seconds = number * unit(text.charAt(text.length() - 1));
        if (Math.abs(seconds) <= MOST_SECONDS) {
          return seconds;
        }
      }
      throw new WrongValueException(
          "a number of seconds, minutes, hours or days, as -25h or 90m, and at most 400 days",
          text);
    }

    private static long unit(char letter) {
      return switch (letter) {
        case 's' -> 1;
        case 'm' -> 60;
        case 'h' -> 3_600;
        default -> 86_400;
      };
    }
  }
}
