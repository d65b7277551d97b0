package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Sums as comma-separated values: RFC 4180, with a header; amounts are exact plain decimals. Names
 * are as in a table: a reader of the file must see that two are two.
 */
final class UsageCsv {
  private static final String END = "\r\n";

  private UsageCsv() {}

  static void print(UsageSums sums, PrintWriter out) {
    List<String> header = new ArrayList<>(List.of("start"));
    header.addAll(sums.groups());
    header.addAll(List.of("events", "usage"));
    header.addAll(sums.quantities());
    print(header, out);
    for (UsageSums.Row row : sums.rows()) {
      List<String> fields = new ArrayList<>(List.of(row.start().toString()));
      row.values().forEach(value -> fields.add(value == null ? "" : value));
      fields.add(String.format(Locale.ROOT, "%d", row.events()));
      fields.add(row.usage().toPlainString());
      row.quantities().forEach(each -> fields.add(each.toPlainString()));
      print(fields, out);
    }
  }

  /** A line; null is an empty field. */
  static void print(List<? extends @Nullable String> fields, PrintWriter out) {
    StringJoiner line = new StringJoiner(",");
    for (String each : fields) {
      String field = each == null ? "" : each;
      line.add(quoted(Printable.text(field)));
    }
    out.print(line);
    out.print(END);
  }

  private static String quoted(String field) {
    return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
