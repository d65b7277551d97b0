package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.WrongOptionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing revenue …}. */
@Command(
    name = "revenue",
    description =
        "Shows what was invoiced, how recurring revenue moved, and what a month will bring.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing revenue report --month 2026-11 --zone Europe/Berlin --format csv",
      "  billing revenue forecast",
      "  billing revenue invoiced --from 2026-01 --to 2026-12 --csv"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class RevenueCommand {
  private static final String END = "\r\n";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "report",
      description = {
        "Prints the report of a month: invoices and taxes, recurring revenue, and figures with"
            + " their targets.",
        "Over HTTP; with a token to read."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing revenue report --month 2026-11")
  void report(
      @Mixin RemoteOptions remote,
      @Option(
              names = "--month",
              paramLabel = "MONTH",
              required = true,
              description = "as 2026-11; one that is not over has what there is until now")
          String month,
      @Option(
              names = "--zone",
              paramLabel = "ZONE",
              description = "whose midnights begin the month: Europe/Berlin; default: UTC")
          @Nullable String zone,
      @Option(
              names = "--format",
              paramLabel = "FORM",
              defaultValue = "json",
              description = "csv or json; default: json")
          String format,
      @Option(names = "--forecast", description = "with the forecast of the running month, too")
          boolean foretell,
      @Option(names = "--test-clocks", description = "only customers with test clocks")
          boolean tests) {
    if (!format.equals("csv") && !format.equals("json")) {
      throw new WrongOptionException("--format must be csv or json, but was " + format);
    }
    String path = "/revenue/reports/" + Query.segment(month);
    Query query =
        new Query()
            .with("zone", zone)
            .with("forecast", foretell ? true : null)
            .with("testClocks", tests ? true : null);
    PrintWriter out = spec.commandLine().getOut();
    if (format.equals("json")) {
      out.println(JsonLines.of(remote.http().get(path, query)));
    } else {
      csv(remote.http(), path, query)
          .lines()
          .forEach(each -> out.print(Text.printable(each) + END));
    }
    out.flush();
  }

  @Command(
      name = "invoiced",
      description = {
        "Lists what was invoiced, credited, paid and refunded, with its tax, by month, seller and"
            + " currency.",
        "Over HTTP; with a token to read."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing revenue invoiced --from 2026-01 --to 2026-12")
  void invoiced(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(
              names = "--from",
              paramLabel = "MONTH",
              description = "the first month; default: eleven months before the last")
          @Nullable String from,
      @Option(names = "--to", paramLabel = "MONTH", description = "the last; default: this month")
          @Nullable String to,
      @Option(names = "--test-clocks", description = "only customers with test clocks")
          boolean tests) {
    Columns columns =
        new Columns()
            .whole("month", "month")
            .whole("seller", "sellerId")
            .whole("currency", "currency")
            .number("invoices", "invoices")
            .number("creditNotes", "creditNotes")
            .number("invoiced", "invoiced")
            .number("credited", "credited")
            .number("net", "net")
            .number("tax", "tax")
            .number("paid", "paid")
            .number("refunded", "refunded");
    Query query =
        new Query().with("from", from).with("to", to).with("testClocks", tests ? true : null);
    list.printAll(remote.http().get("/revenue/invoiced", query).path("items"), columns);
  }

  @Command(
      name = "forecast",
      description = {
        "Prints what a month will bring, beside how far the same forecast was off before.",
        "Over HTTP; with a token to read."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing revenue forecast --zone Europe/Berlin")
  void forecast(
      @Mixin RemoteOptions remote,
      @Option(
              names = "--day",
              paramLabel = "DATE",
              description = "usage before it is known: 2026-11-15; default: today")
          @Nullable String day,
      @Option(
              names = "--zone",
              paramLabel = "ZONE",
              description = "whose midnights begin the days: Europe/Berlin; default: UTC")
          @Nullable String zone,
      @Option(names = "--test-clocks", description = "only customers with test clocks")
          boolean tests,
      @Option(names = "--json", description = "print one JSON object, as the API has it")
          boolean json) {
    Query query =
        new Query().with("day", day).with("zone", zone).with("testClocks", tests ? true : null);
    JsonNode found = remote.http().get("/revenue/forecast", query);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(found));
    } else {
      ForecastOutput.lines(found).forEach(each -> out.println(Text.printable(each)));
    }
    out.flush();
  }

  private static String csv(BillingHttp http, String path, Query query) {
    try (InputStream body = http.open(path, query.with("format", "csv"), "text/csv").body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw Unreachable.because(failed, http.server());
    }
  }
}
