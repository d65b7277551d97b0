package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A file of prices, read strictly: the form of this product, or that of the public data set
 * genai-prices. A refusal names the field and what was expected.
 *
 * @param rows the rows, in the order of the file
 * @param notes what a data set has and this product has no place for
 */
public record PriceFile(List<PriceRow> rows, List<ImportFinding> notes) {
  private static final int MOST_CHARACTERS = 32 * 1024 * 1024;
  private static final int MOST_ROWS = 20_000;

  /** Checks how many rows there are, and copies the lists. */
  public PriceFile {
    Check.count("prices", rows.size(), 0, MOST_ROWS);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /**
   * Reads a file: an object with {@code "version": 1}, or the list of providers of the data set.
   */
  public static PriceFile read(String json) {
    if (json.length() > MOST_CHARACTERS) {
      throw new CostInputException(
          "file", "at most " + MOST_CHARACTERS + " characters", json.length());
    }
    JsonNode tree = Json.read("file", json);
    return tree.isArray()
        ? GenAiPricesFile.read(tree)
        : new PriceFile(OwnPrices.read(tree), List.of());
  }

  /**
   * Rows as a file of this product.
   *
   * @return JSON that {@link #read} makes the same rows of
   */
  public static String write(List<PriceRow> rows) {
    return PriceFileWriter.text(rows);
  }
}
