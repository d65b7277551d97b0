package io.billingsdk.server.revenue;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedDocument;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The charges of many documents in parts: the memory does not depend on how many there are. */
final class ChargePages {
  private static final int DOCUMENTS = 20;

  private final IssuedDocuments documents;
  private final ChargeUnits units;

  ChargePages(Database database) {
    this.documents = new IssuedDocuments(database);
    this.units = new ChargeUnits(database);
  }

  /**
   * A charge.
   *
   * @param position of its document, in the order of issue
   * @param row its place in the document, from 0
   */
  record ChargeRow(long position, int row, Map<String, String> columns) {}

  /**
   * The next charges.
   *
   * @param position of the last document that was shown
   * @param row the last row of it that was shown; -1 for none
   * @param most so many at most
   */
  List<ChargeRow> after(Selection selection, long position, int row, int most) {
    List<ChargeRow> found = new ArrayList<>();
    long next = position;
    List<IssuedDocument> page;
    do {
      page = documents.from(selection, next, DOCUMENTS);
      for (IssuedDocument each : page) {
        add(found, each, each.position() == position ? row : -1, most);
        next = each.position() + 1;
        if (found.size() >= most) {
          return found;
        }
      }
    } while (page.size() == DOCUMENTS);
    return found;
  }

  private void add(List<ChargeRow> found, IssuedDocument issued, int shown, int most) {
    List<Map<String, String>> rows = FocusCharges.of(issued, units);
    for (int i = shown + 1; i < rows.size() && found.size() < most; i++) {
      found.add(new ChargeRow(issued.position(), i, rows.get(i)));
    }
  }
}
