package io.billingsdk.documents.pdf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the template shows, as texts. Public since the template is in a package of its own.
 *
 * @param language a BCP 47 tag
 * @param logo as a data URI; null for none
 */
public record PaperPage(
    String language,
    String title,
    @Nullable String logo,
    String intro,
    PartyBlock seller,
    PartyBlock customer,
    List<Fact> facts,
    List<String> columns,
    List<Row> rows,
    List<Fact> totals,
    List<String> taxColumns,
    List<List<String>> taxes,
    List<String> notes,
    String footer) {
  /** Copies the lists. */
  public PaperPage {
    facts = List.copyOf(facts);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    totals = List.copyOf(totals);
    taxColumns = List.copyOf(taxColumns);
    taxes = List.copyOf(taxes);
    notes = List.copyOf(notes);
  }

  /** A party with its address. */
  public record PartyBlock(String name, List<String> lines) {
    /** Copies the list. */
    public PartyBlock {
      lines = List.copyOf(lines);
    }
  }

  /** A name with its value. */
  public record Fact(String name, String value) {}

  /**
   * A line of the invoice.
   *
   * @param cells beside name and time
   */
  public record Row(String name, String time, List<String> cells) {
    /** Copies the list. */
    public Row {
      cells = List.copyOf(cells);
    }
  }
}
