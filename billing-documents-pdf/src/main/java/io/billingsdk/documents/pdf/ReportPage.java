package io.billingsdk.documents.pdf;

import io.billingsdk.documents.pdf.PaperPage.Fact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the template of reports shows, as texts in a language. Immutable.
 *
 * @param language a BCP 47 tag
 * @param logo as a data URI; null for none
 * @param total null where nothing is added up
 */
public record ReportPage(
    String language,
    String title,
    @Nullable String logo,
    String customer,
    List<Fact> facts,
    List<Table> tables,
    @Nullable Fact total,
    String note,
    String footer) {
  /** Copies the lists. */
  public ReportPage {
    facts = List.copyOf(facts);
    tables = List.copyOf(tables);
  }

  /**
   * A table with a title.
   *
   * @param texts how many columns of each row are texts; the others are numbers
   */
  public record Table(
      String title, String place, int texts, List<String> columns, List<List<String>> rows) {
    /** Copies the lists. */
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }
}
