package io.billingsdk.server.tax;

import io.billingsdk.server.tax.TaxViews.ReturnRowView;
import io.billingsdk.server.tax.TaxViews.ReturnView;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A return as CSV (RFC 4180). No cell is a text of a person, and the name of a component has no
 * comma, so none needs quotation marks.
 */
final class ReturnCsv {
  private static final List<String> COLUMNS =
      List.of(
          "sellerId",
          "period",
          "country",
          "region",
          "category",
          "percent",
          "rule",
          "currency",
          "documents",
          "base",
          "tax",
          "accountingCurrency",
          "accountingBase",
          "accountingTax",
          "component");

  private ReturnCsv() {}

  static String of(ReturnView view) {
    return Stream.concat(
            Stream.of(String.join(",", COLUMNS)), view.items().stream().map(row -> row(view, row)))
        .collect(Collectors.joining("\r\n", "", "\r\n"));
  }

  private static String row(ReturnView view, ReturnRowView row) {
    return Stream.<@Nullable Object>of(
            view.sellerId(),
            view.period(),
            row.country(),
            row.region(),
            row.category(),
            row.percent(),
            row.rule(),
            row.currency(),
            row.documents(),
            row.base(),
            row.tax(),
            row.accountingCurrency(),
            row.accountingBase(),
            row.accountingTax(),
            row.component())
        .map(cell -> cell == null ? "" : cell.toString())
        .collect(Collectors.joining(","));
  }
}
