package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing costs reconcile}. */
@Command(
    name = "reconcile",
    description = {
      "Compares a provider's bill with the costs of its days, by day, model and currency.",
      "Over HTTP; with a token of the scope finance. No cost changes.",
      "Exits with 3 if a row differs, or a cost of these days is unknown."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    exitCodeList = {
      "0:bill and costs are the same",
      "2:wrong usage",
      "3:they differ, or the bill was refused or not compared: then stderr has the reason"
    },
    footerHeading = "%nExamples:%n",
    footer = "  billing costs reconcile bill.csv --provider openai --differences")
final class CostsReconcileCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;
  private static final int TEXT = 60;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Parameters(
      paramLabel = "FILE",
      description = "CSV with the columns day, model, currency and amount")
  private Path file = Path.of("");

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "only costs of this provider; default: all costs")
  private @Nullable String provider;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "by which the provider counts days; default: UTC")
  private @Nullable String zone;

  @Option(
      names = "--tolerance",
      paramLabel = "AMOUNT",
      description = "the greatest difference of a row that is the same; default: 0.01")
  private @Nullable String tolerance;

  @Option(names = "--differences", description = "print only rows that differ")
  private boolean differences;

  @Override
  public Integer call() {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("bill", PlanFileText.read(file));
    body.put("provider", provider).put("zone", zone);
    if (tolerance != null) {
      body.put("tolerance", tolerance);
    }
    JsonNode found = remote.http().change("/costs/reconciliations", BillingHttp.bytes(body));
    list.printAll(rows(found), columns());
    long unknown = found.path("unknownCosts").asLong();
    if (unknown > 0) {
      notice(unknown + " costs of these days are unknown; billing costs unknown lists them");
    }
    return found.path("reconciled").asBoolean() ? 0 : DIFFERENT;
  }

  private ArrayNode rows(JsonNode found) {
    ArrayNode rows = BillingHttp.JSON.createArrayNode();
    for (JsonNode each : found.path("rows")) {
      if (!differences || !each.path("reconciled").asBoolean()) {
        rows.add(each);
      }
    }
    return rows;
  }

  private static Columns columns() {
    return new Columns()
        .whole("day", "day")
        .text("model", "model", TEXT)
        .whole("currency", "currency")
        .number("ours", "ours")
        .number("bill", "theirs")
        .number("difference", "difference")
        .whole("reconciled", "reconciled");
  }

  private void notice(String text) {
    spec.commandLine().getErr().println("billing: " + text);
    spec.commandLine().getErr().flush();
  }
}
