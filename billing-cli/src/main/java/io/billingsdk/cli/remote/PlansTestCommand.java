package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanFile.CaseResult;
import io.billingsdk.server.catalog.PlanQuote;
import io.billingsdk.server.catalog.PlanQuote.QuotedLine;
import io.billingsdk.server.catalog.PlanVersion;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing plans test FILE}. */
@Command(
    name = "test",
    description = {
      "Says what a month of a plan costs, or compares that with a file of cases; asks no server.",
      "When a case differs, the command fails, so that your CI can run it."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing plans test plans.yaml --cases cases.yaml",
      "  billing plans test plans.yaml --plan pro --usage calls=6000",
      "  billing plans test plans.yaml --plan pro --usage tokens/gpt-4=1000"
    })
final class PlansTestCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "a plan file, in YAML or JSON")
  private Path file = Path.of("");

  @Option(names = "--cases", paramLabel = "FILE", description = "a file with usage and amounts")
  private @Nullable Path cases;

  @Option(names = "--plan", paramLabel = "PLAN", description = "which plan of the file is rated")
  private @Nullable String plan;

  @Option(
      names = "--usage",
      paramLabel = "METER=AMOUNT",
      converter = EventOptions.QuantityForm.class,
      description = "what a meter shows; METER/VALUE=AMOUNT by a dimension; repeatable")
  private List<String> usage = List.of();

  @Option(names = "--json", description = "print one JSON object a line")
  private boolean json;

  @Override
  public void run() {
    PlanFile plans = PlanFile.parse(PlanFileText.read(file));
    Path expected = cases;
    if ((expected == null) == (plan == null)) {
      throw new WrongOptionException("give either --cases or --plan");
    }
    if (expected != null) {
      compare(plans.test(PlanFileText.read(expected)));
    } else {
      String wanted = String.valueOf(plan);
      print(
          plans
              .plan(wanted)
              .orElseThrow(
                  () ->
                      new CommandException(
                          "--plan must be one of "
                              + String.join(", ", plans.planIds())
                              + ", the plans of the file")));
    }
  }

  private void compare(List<CaseResult> results) {
    PrintWriter out = spec.commandLine().getOut();
    long differing = 0;
    for (CaseResult each : results) {
      differing += each.differences().isEmpty() ? 0 : 1;
      out.println(json ? JsonLines.of(object(each)) : Text.printable(line(each)));
    }
    out.flush();
    if (differing > 0) {
      throw new CommandException(
          differing + " of " + results.size() + " cases differ; correct the plan or the case");
    }
  }

  private static String line(CaseResult result) {
    return result.differences().isEmpty()
        ? "ok       " + result.name() + ": " + result.total()
        : "differs  " + result.name() + ": " + String.join("; ", result.differences());
  }

  private static ObjectNode object(CaseResult result) {
    ObjectNode object = BillingHttp.JSON.createObjectNode();
    object.put("name", result.name()).put("ok", result.differences().isEmpty());
    object.put("total", result.total() == null ? null : result.total().toString());
    var list = object.putArray("differences");
    result.differences().forEach(list::add);
    return object;
  }

  private void print(PlanVersion rated) {
    PlanQuote quote = PlanQuote.of(rated, usageByMeter(rated));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(object(quote)));
    } else {
      Table table =
          new Columns().whole("charge", "").number("amount", "").table(Terminal.ofProcess());
      for (QuotedLine line : quote.lines()) {
        table.row(line.charge().id(), line.line().amount().toString());
      }
      if (quote.trueUp().signum() != 0) {
        table.row("true-up to the commitment", quote.trueUp().toString());
      }
      table.row("total", quote.total().toString());
      table.print(out);
    }
    out.flush();
  }

  private static ObjectNode object(PlanQuote quote) {
    ObjectNode object = BillingHttp.JSON.createObjectNode();
    ObjectNode amounts = object.putObject("amounts");
    quote
        .lines()
        .forEach(
            line -> amounts.put(line.charge().id(), line.line().amount().amount().toPlainString()));
    object.put("trueUp", quote.trueUp().amount().toPlainString());
    object.put("total", quote.total().amount().toPlainString());
    return object.put("currency", quote.total().currency());
  }

  private Map<String, Usage> usageByMeter(PlanVersion rated) {
    Map<String, Usage> byMeter = new LinkedHashMap<>();
    Map<String, Map<String, Usage>> byValue = new LinkedHashMap<>();
    for (String each : usage) {
      int equals = each.lastIndexOf('=');
      Usage amount = Usage.of(each.substring(equals + 1));
      String name = each.substring(0, equals);
      int slash = name.indexOf('/');
      String meter = slash < 0 ? name : name.substring(0, slash);
      requireKnown(rated, meter);
      boolean isTwice =
          slash < 0
              ? byValue.containsKey(meter) || byMeter.put(meter, amount) != null
              : byMeter.containsKey(meter)
                  || byValue
                          .computeIfAbsent(meter, none -> new LinkedHashMap<>())
                          .put(name.substring(slash + 1), amount)
                      != null;
      if (isTwice) {
        throw new WrongOptionException(
            "--usage names " + name + " twice; give each meter once, in all or by its values");
      }
    }
    byValue.forEach((meter, values) -> byMeter.put(meter, new Usage.ByValue(values)));
    return byMeter;
  }

  /** A meter that is misspelt would cost nothing, and nobody would see it. */
  private static void requireKnown(PlanVersion rated, String meter) {
    Set<String> known = new TreeSet<>();
    rated.charges().forEach(charge -> known.addAll(charge.meters()));
    // The plan knows it, and charges nothing for it.
    rated.entitlements().quotas().forEach(quota -> known.add(quota.meter()));
    if (!known.contains(meter)) {
      throw new WrongOptionException(
          "--usage names the meter "
              + meter
              + ", which no charge and no quota of the plan reads; "
              + (known.isEmpty() ? "they read none" : "give one of " + String.join(", ", known)));
    }
  }
}
