package io.billingsdk.server.tax;

import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.TaxRate.Component;
import io.billingsdk.server.tax.CsvTable.CsvRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the components of a rate, {@code GST:5;PST:7}, and names the row and field of a fault. */
final class ComponentsCell {
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,4})?");

  private ComponentsCell() {}

  /**
   * Reads a cell; none of an empty one.
   *
   * @param percent of the row, which the components must add up to
   */
  static List<Component> read(CsvRow row, String column, String cell, BigDecimal percent) {
    if (cell.isEmpty()) {
      return List.of();
    }
    List<Component> components = new ArrayList<>();
    for (String text : cell.split(";", -1)) {
      components.add(component(row, column + "[" + components.size() + "]", text));
    }
    try {
      return new TaxRate("S", percent, components).components();
    } catch (RatingInputException refused) {
      throw row.wrong(column, refused.expectation());
    }
  }

  private static Component component(CsvRow row, String field, String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw row.wrong(field, "a name and a percent, as GST:5");
    }
    String percent = text.substring(colon + 1);
    if (!PERCENT.matcher(percent).matches()) {
      throw row.wrong(field + ".percent", "above 0 and below 100, with at most 4 decimals");
    }
    try {
      return Component.of(text.substring(0, colon), percent);
    } catch (RatingInputException refused) {
      throw row.wrong(field + "." + refused.field(), refused.expectation());
    }
  }
}
