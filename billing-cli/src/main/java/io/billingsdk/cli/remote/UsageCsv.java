package io.billingsdk.cli.remote;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sums as comma-separated values: RFC 4180, with a header; amounts are exact plain decimals. */
final class UsageCsv {
  private static final String END = "\r\n";

  private UsageCsv() {}

  static void print(UsageSums sums, PrintWriter out) {
    List<String> header = new ArrayList<>(List.of("start"));
    header.addAll(sums.groups());
    header.addAll(List.of("events", "usage"));
    print(header, out);
    for (UsageSums.Row row : sums.rows()) {
      List<String> fields = new ArrayList<>(List.of(row.start().toString()));
      row.values().forEach(value -> fields.add(value == null ? "" : value));
      fields.add(String.format(Locale.ROOT, "%d", row.events()));
      fields.add(row.usage().toPlainString());
      print(fields, out);
    }
  }

  private static void print(List<String> fields, PrintWriter out) {
    out.print(String.join(",", fields.stream().map(UsageCsv::quoted).toList()));
    out.print(END);
  }

  private static String quoted(String field) {
    return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
