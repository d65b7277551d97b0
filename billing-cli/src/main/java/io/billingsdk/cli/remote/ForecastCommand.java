package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing forecast}. */
@Command(
    name = "forecast",
    description = {
      "Shows where the month ends: usage of an app, a service or a meter, or money of a customer,"
          + " with an interval and the error in the past.",
      "Over HTTP; with a token to read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing forecast shop --by app",
      "  billing forecast acme --by customer",
      "  billing forecast tokens --by meter --customer acme"
    })
final class ForecastCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "NAME", description = "of the app, service, customer or meter")
  private String name = "";

  @Option(
      names = "--by",
      paramLabel = "KIND",
      required = true,
      description = "app, service (the module of events), customer or meter")
  private String by = "";

  @Option(names = "--customer", paramLabel = "ID", description = "with --by meter: whose usage")
  private @Nullable String customer;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "with app and service: by whose days, as Europe/Berlin; default: UTC")
  private @Nullable String zone;

  @Override
  public void run() {
    Query query =
        new Query()
            .with("by", by)
            .with("name", name)
            .with("customerId", customer)
            .with("zone", zone);
    JsonNode found = remote.http().get("/forecast", query);
    if (shown.isJson()) {
      shown.print(found);
      return;
    }
    if (found.has("usage")) {
      shown.line(found.path("usage").path("sentence").asText());
    }
    JsonNode money = found.path("money");
    if (!money.isMissingNode()) {
      shown.line(money.path("sentence").asText());
      money.path("charges").forEach(this::charge);
      money
          .path("leftOut")
          .forEach(
              each -> shown.line(each.asText() + " is left out: its days do not make a month"));
    }
  }

  private void charge(JsonNode charge) {
    shown.line(
        "  "
            + charge.path("chargeId").asText()
            + (charge.has("value") ? " " + charge.path("value").asText() : "")
            + ": "
            + charge.path("forecast").path("sentence").asText());
  }
}
