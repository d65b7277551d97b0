package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The times that a rule or a budget is about. */
final class AlertWindowOptions {
  @Option(
      names = "--period",
      paramLabel = "PERIOD",
      description = "daily, weekly, monthly or rolling")
  private @Nullable String period;

  @Option(names = "--days", paramLabel = "N", description = "of a rolling period, and only there")
  private @Nullable Integer days;

  @Option(names = "--zone", paramLabel = "ZONE", description = "of the days; default: UTC")
  private @Nullable String zone;

  @Option(names = "--currency", paramLabel = "CODE", description = "of the amounts; default: USD")
  private @Nullable String currency;

  void put(ObjectNode body) {
    CustomersCommand.put(body, "period", period);
    CustomersCommand.put(body, "zone", zone);
    CustomersCommand.put(body, "currency", currency);
    if (days != null) {
      body.put("days", days.intValue());
    }
  }
}
