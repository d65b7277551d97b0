package io.billingsdk.cli.remote;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The time in which something came or was done; without options, any. */
final class PeriodOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "the beginning of the range, inclusive: 2027-01-31, which is its midnight in UTC, or"
              + " 2027-01-31T00:00:00Z")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "the end of the range, exclusive")
  private @Nullable String to;

  @Option(
      names = "--last",
      paramLabel = "TIME",
      description = "the time before now: 90m, 24h, 7d, 4w")
  private @Nullable String last;

  /** Whether any was given. */
  boolean isGiven() {
    return from != null || to != null || last != null;
  }

  /** The first moment; null for any. */
  @Nullable Instant from() {
    String duration = last;
    if (duration == null) {
      return from == null ? null : time("--from", from);
    }
    if (from != null || to != null) {
      throw new ParameterException(spec.commandLine(), "give either --last, or --from and --to");
    }
    try {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      return now.minus(TimeRange.duration(duration));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** The end of the range, exclusive; null for any. */
  @Nullable Instant to() {
    return to == null ? null : time("--to", to);
  }

  private Instant time(String option, String text) {
    try {
      return TimeRange.time(option, text, ZoneOffset.UTC);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
