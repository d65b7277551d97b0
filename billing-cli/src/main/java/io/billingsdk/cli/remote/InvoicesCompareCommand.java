package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.remote.CsvFile.CsvRow;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing invoices compare --csv FILE}. */
@Command(
    name = "compare",
    description = {
      "Puts the invoices of another system beside ours, by customer, month of issue and currency;"
          + " over HTTP, with a finance token. Nothing is changed.",
      "The first line of the file names the columns customer, date, currency, net, and tax if there"
          + " is one. A date is 2026-11-30 or 2026-11; net is without tax, below 0 for a credit"
          + " note.",
      "Exits with 3 if something differs."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all is equal",
      "2:wrong usage",
      "3:something differs, or refused or not possible: then stderr has the reason"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing invoices compare --csv old-system.csv",
      "  billing invoices compare --csv old-system.csv --from 2026-10 --to 2026-11"
    })
final class InvoicesCompareCommand implements Callable<Integer> {
  private static final int DIFFERS = 3;
  private static final int BATCH = 1_000;
  private static final int MOST = 2_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = "the invoices of the other system")
  private Path file = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "MONTH",
      description = "the first month, as 2026-10; default: that of the file")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "MONTH",
      description = "the last month; default: that of the file")
  private @Nullable String to;

  @Option(names = "--test-clocks", description = "only customers with test clocks")
  private boolean tests;

  @Option(names = "--all", description = "print equal customers and months, too")
  private boolean all;

  @Option(names = "--json", description = "print one JSON object a line, as the API has it")
  private boolean json;

  private long same;
  private long different;
  private final Map<String, BigDecimal[]> sums = new TreeMap<>();

  @Override
  public Integer call() {
    List<CsvRow> rows = rows();
    List<String> months = rows.stream().map(InvoicesCompareCommand::month).sorted().toList();
    if (months.isEmpty() && (from == null || to == null)) {
      throw new CommandException(file + " has no row; give --from and --to to see ours alone");
    }
    String first = from == null ? months.get(0) : from;
    String last = to == null ? months.get(months.size() - 1) : to;
    List<CsvRow> meant =
        rows.stream()
            .filter(each -> month(each).compareTo(first) >= 0 && month(each).compareTo(last) <= 0)
            .sorted(Comparator.comparing(each -> each.value("customer")))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    BillingHttp http = remote.http();
    String after = "";
    int place = 0;
    do {
      int end = end(meant, place);
      // The last part has all customers that are left, so that none of ours is left out.
      String upTo = end == meant.size() ? null : meant.get(end - 1).value("customer");
      List<CsvRow> part = meant.subList(place, end);
      show(compared(http, body(first, last, after, upTo, part), part), out);
      after = upTo == null ? after : upTo;
      place = end;
    } while (place < meant.size());
    if (!json) {
      printSums(out);
    }
    out.flush();
    return different == 0 ? 0 : DIFFERS;
  }

  private JsonNode compared(BillingHttp http, ObjectNode body, List<CsvRow> part) {
    try {
      return http.change("/invoices/comparison", BillingHttp.bytes(body));
    } catch (CommandException refused) {
      throw CsvFile.withLine(refused, part, file);
    }
  }

  private List<CsvRow> rows() {
    List<CsvRow> rows = CsvFile.read(file, List.of("customer", "date", "currency", "net"));
    for (CsvRow each : rows) {
      if (!each.value("date").matches("[0-9]{4}-[0-9]{2}(-[0-9]{2})?")) {
        throw new CommandException(
            "date in line %d of %s must be a day or a month, as 2026-11-30 or 2026-11"
                .formatted(each.line(), file));
      }
    }
    return rows;
  }

  private static String month(CsvRow row) {
    return row.value("date").substring(0, 7);
  }

  /** Where a part ends that holds all rows of each of its customers. */
  private int end(List<CsvRow> rows, int begin) {
    int end = Math.min(rows.size(), begin + BATCH);
    while (end > begin && end < rows.size() && isOneCustomer(rows.get(end - 1), rows.get(end))) {
      end++;
    }
    if (end - begin > MOST) {
      throw new CommandException(
          "%s must have at most %d rows of a customer: compare fewer months at once"
              .formatted(file, BATCH));
    }
    return end;
  }

  private static boolean isOneCustomer(CsvRow one, CsvRow other) {
    return one.value("customer").equals(other.value("customer"));
  }

  private ObjectNode body(
      String first, String last, String after, @Nullable String upTo, List<CsvRow> rows) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("from", first).put("to", last);
    if (!after.isEmpty()) {
      body.put("afterCustomerId", after);
    }
    if (upTo != null) {
      body.put("upToCustomerId", upTo);
    }
    body.put("testClocks", tests);
    ArrayNode items = body.putArray("rows");
    for (CsvRow each : rows) {
      ObjectNode row =
          items
              .addObject()
              .put("customerId", each.value("customer"))
              .put("month", month(each))
              .put("currency", each.value("currency"))
              .put("net", each.value("net"));
      if (!each.value("tax").isEmpty()) {
        row.put("tax", each.value("tax"));
      }
    }
    return body;
  }

  private void show(JsonNode found, PrintWriter out) {
    if (json) {
      out.println(JsonLines.of(found));
    }
    for (JsonNode each : found.path("items")) {
      boolean isEqual = text(each, "state").equals("equal");
      same += isEqual ? 1 : 0;
      different += isEqual ? 0 : 1;
      if (!json && (all || !isEqual)) {
        out.println(Text.printable(line(each)));
      }
    }
    for (JsonNode each : found.path("sums")) {
      BigDecimal[] sum =
          sums.computeIfAbsent(
              text(each, "currency"), none -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
      sum[0] = sum[0].add(number(each, "theirs"));
      sum[1] = sum[1].add(number(each, "ours"));
    }
  }

  private static String line(JsonNode item) {
    String tax =
        item.hasNonNull("taxDifference") ? ", tax difference " + text(item, "taxDifference") : "";
    return "%s %s %s: %s, theirs %s, ours %s, difference %s%s"
        .formatted(
            text(item, "customerId"),
            text(item, "month"),
            text(item, "currency"),
            text(item, "state").replace('_', ' '),
            net(item, "theirs"),
            net(item, "ours"),
            text(item, "netDifference"),
            tax);
  }

  private static String net(JsonNode item, String side) {
    return item.hasNonNull(side) ? text(item.path(side), "net") : "nothing";
  }

  private void printSums(PrintWriter out) {
    sums.forEach(
        (currency, sum) ->
            out.println(
                Text.printable(
                    "all in %s: theirs %s, ours %s, difference %s"
                        .formatted(
                            currency,
                            sum[0].toPlainString(),
                            sum[1].toPlainString(),
                            sum[1].subtract(sum[0]).toPlainString()))));
    out.println("%d equal, %d different".formatted(same, different));
  }

  /** What a server says is no number for certain. */
  private static BigDecimal number(JsonNode node, String field) {
    String text = text(node, field);
    return text.matches("-?[0-9]{1,40}([.][0-9]{1,40})?") ? new BigDecimal(text) : BigDecimal.ZERO;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
