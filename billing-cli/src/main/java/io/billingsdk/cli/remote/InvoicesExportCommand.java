package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.revenue.FocusColumns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code billing invoices export}. It holds one page in memory, however many invoices there are.
 */
@Command(
    name = "export",
    description = {
      "Writes issued documents, over HTTP; with a token to read, or one of the customer.",
      "focus: a line for each charge, comma-separated, in the columns of FOCUS 1.2. csv: the lines"
          + " of the documents. json: the documents, one a line."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing invoices export --from 2026-11-01 --to 2026-12-01 > focus.csv",
      "  billing invoices export --customer acme --format json"
    })
final class InvoicesExportCommand implements Runnable {
  private static final String END = "\r\n";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "focus",
      description = "focus, csv or json; default: focus")
  private String format = "focus";

  @Option(names = "--from", paramLabel = "DATE", description = "the first issue date: 2026-11-01")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "DATE", description = "the issue date after the last")
  private @Nullable String to;

  @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
  private @Nullable String customer;

  @Option(
      names = "--test-clocks",
      description = "with --format focus: only customers with test clocks")
  private boolean tests;

  private boolean hasHeader;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    BillingHttp http = remote.http();
    switch (format) {
      case "focus" -> focus(http, out);
      case "csv" -> each(http, number -> lines(http, number, out));
      case "json" -> each(http, number -> out.println(JsonLines.of(document(http, number))));
      default ->
          throw new WrongOptionException("--format must be focus, csv or json, but was " + format);
    }
    out.flush();
  }

  private void focus(BillingHttp http, PrintWriter out) {
    Query query =
        new Query()
            .with("from", from)
            .with("to", to)
            .with("customerId", customer)
            .with("testClocks", tests ? true : null);
    UsageCsv.print(FocusColumns.NAMES, out);
    new Pages(http, "/revenue/charges", query, Long.MAX_VALUE)
        .forEach(charge -> UsageCsv.print(columns(charge), out));
  }

  private static List<@Nullable String> columns(JsonNode charge) {
    List<@Nullable String> values = new ArrayList<>();
    for (String each : FocusColumns.NAMES) {
      values.add(charge.has(each) ? safe(charge.path(each).asText()) : null);
    }
    return values;
  }

  /** A text that a spreadsheet would run as a formula gets an apostrophe; a number does not. */
  private static String safe(String value) {
    boolean isNumber = value.matches("-?[0-9]+(\\.[0-9]+)?");
    return !isNumber && value.matches("(?s)[=+\\-@\t\r].*") ? "'" + value : value;
  }

  private interface Exported {
    void export(String number);
  }

  /** The latest first, as the list has them. */
  private void each(BillingHttp http, Exported exported) {
    new Pages(http, "/invoices", new Query().with("customerId", customer), Long.MAX_VALUE)
        .forEach(
            invoice -> {
              String issued = invoice.path("issueDate").asText();
              boolean isLate = to != null && issued.compareTo(to) >= 0;
              if (!isLate && (from == null || issued.compareTo(from) >= 0)) {
                exported.export(invoice.path("number").asText());
              }
            });
  }

  private static JsonNode document(BillingHttp http, String number) {
    return http.get("/invoices/" + Query.segment(number) + "/document", new Query());
  }

  private void lines(BillingHttp http, String number, PrintWriter out) {
    String path = "/invoices/" + Query.segment(number) + "/lines.csv";
    try (BufferedReader body =
        new BufferedReader(
            new InputStreamReader(
                http.open(path, new Query(), "text/csv").body(), StandardCharsets.UTF_8))) {
      String header = body.readLine();
      if (!hasHeader && header != null) {
        out.print(Text.printable(header) + END);
        hasHeader = true;
      }
      body.lines().forEach(line -> out.print(Text.printable(line) + END));
    } catch (IOException failed) {
      throw Unreachable.because(failed, http.server());
    }
  }
}
