package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The times that a rule or a budget is about. */
final class AlertWindowOptions {
  @Option(
      names = "--period",
      paramLabel = "PERIOD",
      description = "daily, weekly, monthly or rolling")
  private @Nullable String period;

  @Option(
      names = "--days",
      paramLabel = "N",
      converter = RollingDays.class,
      description = "1 to 366; of a rolling period, and only there")
  private @Nullable Long days;

  @Option(names = "--zone", paramLabel = "ZONE", description = "of the days; default: UTC")
  private @Nullable String zone;

  @Option(names = "--currency", paramLabel = "CODE", description = "of the amounts; default: USD")
  private @Nullable String currency;

  /** How many days a rolling period has. */
  static final class RollingDays implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 366;
    }
  }

  void put(ObjectNode body) {
    CustomersCommand.put(body, "period", period);
    CustomersCommand.put(body, "zone", zone);
    CustomersCommand.put(body, "currency", currency);
    if (days != null) {
      body.put("days", days.longValue());
    }
  }
}
