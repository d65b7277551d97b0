package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.Whole;
import java.io.PrintWriter;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How much of a list is shown, and in which form. */
final class ListOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Most.class,
      description = "how many at most, 1 to 100000; default: 100")
  private long limit = 100;

  @ArgGroup private ListForm form = new ListForm();

  /** One of these; neither: a table. */
  private static final class ListForm {
    @Option(names = "--json", description = "print one JSON object a line, as the API has it")
    private boolean json;

    @Option(names = "--csv", description = "print comma-separated values (RFC 4180)")
    private boolean csv;
  }

  private static final class Most implements Whole {
    @Override
    public long least() {
      return 1;
    }

    @Override
    public long most() {
      return 100_000;
    }
  }

  /** Prints what the server has of a list, as it pages it. */
  void print(BillingHttp http, String path, Query query, Columns columns) {
    PrintWriter out = spec.commandLine().getOut();
    Pages pages = new Pages(http, path, query, limit);
    if (form.json) {
      pages.forEach(item -> out.println(JsonLines.of(item)));
    } else if (form.csv) {
      UsageCsv.print(columns.names(), out);
      pages.forEach(item -> UsageCsv.print(columns.of(item), out));
    } else {
      Table table = columns.table(Terminal.ofProcess());
      pages.forEach(item -> table.row(columns.of(item).toArray()));
      table.print(out);
    }
    out.flush();
    if (pages.isMore()) {
      notice("there are more than " + limit + "; a higher --limit shows them");
    }
  }

  /** Prints a list that the server does not page. */
  void printAll(JsonNode items, Columns columns) {
    PrintWriter out = spec.commandLine().getOut();
    if (form.json) {
      items.forEach(item -> out.println(JsonLines.of(item)));
    } else if (form.csv) {
      UsageCsv.print(columns.names(), out);
      items.forEach(item -> UsageCsv.print(columns.of(item), out));
    } else {
      Table table = columns.table(Terminal.ofProcess());
      items.forEach(item -> table.row(columns.of(item).toArray()));
      table.print(out);
    }
    out.flush();
  }

  /** Prints one item: an object, or a line for each of its fields. */
  static void printOne(JsonNode item, boolean json, PrintWriter out) {
    if (json) {
      out.println(JsonLines.of(item));
      return;
    }
    int widest = 0;
    for (var each : item.properties()) {
      widest = Math.max(widest, each.getKey().length());
    }
    for (var each : item.properties()) {
      JsonNode value = each.getValue();
      String text = value.isValueNode() ? value.asText() : value.toString();
      out.println(
          each.getKey()
              + " ".repeat(widest - each.getKey().length())
              + "  "
              + Text.printable(text));
    }
  }

  private void notice(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("billing: " + text);
    err.flush();
  }
}
