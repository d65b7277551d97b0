package io.billingsdk.server.invoices;

import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.Together;
import io.billingsdk.server.invoices.Bill.BillSums;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Books.Invoiced;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The rows of issued documents. */
final class InvoiceRows {
  private static final String SELECT =
      """
      SELECT i.number, position, kind, corrects, seller_id, i.customer_id, subscription_id, span,
        revision, issue_date::text AS issue_date, valid_from, valid_to, i.currency, cut_no, net,
        discount, taxable, tax, total, prepaid, due, document, sha256, issued_at,
        coalesce(s.state, 'issued') AS state, coalesce(s.paid, 0) AS paid,
        coalesce(s.open, 0) AS open
      FROM invoice i LEFT JOIN invoice_state s ON s.number = i.number
      """;

  private static final String INSERT =
      """
      INSERT INTO invoice (number, kind, corrects, seller_id, customer_id, subscription_id, span,
        revision, series, series_number, issue_date, valid_from, valid_to, currency, cut_no, net,
        discount, taxable, tax, total, prepaid, due, document, sha256, actor,
        lines)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String LINE =
      """
      INSERT INTO invoice_line (number, line, subscription_id, key, kind, net, discount,
        tax_category, tax_percent, refers_to, refers_line, tax_grounds, tax_components)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String INVOICED =
      """
      SELECT l.number, l.line, l.net + p.credit - c.credited AS remaining,
        l.net + p.credit - c.reduced AS settled
      FROM invoice_line l JOIN invoice i USING (number)
        CROSS JOIN LATERAL (SELECT CASE WHEN l.kind <> 'usage' THEN 0 ELSE
          (SELECT coalesce(sum(net), 0) FROM invoice_line WHERE number = l.number
            AND key = l.key AND kind = 'progress_credit') END AS credit) p
        CROSS JOIN LATERAL (SELECT coalesce(sum(net), 0) AS credited,
          coalesce(sum(net) FILTER (WHERE kind <> 'correction'), 0) AS reduced
          FROM invoice_line WHERE refers_to = l.number AND refers_line = l.line) c
      WHERE l.subscription_id = :subscription AND l.key = :key AND l.refers_to IS NULL
        AND l.kind <> 'progress_credit'
      ORDER BY i.position DESC, l.line
      """;

  private static final String LINES =
      """
      SELECT l.net, l.discount, l.tax_category, l.tax_percent, l.tax_grounds, l.tax_components,
        coalesce((SELECT sum(c.net) FROM invoice_line c
          WHERE c.refers_to = l.number AND c.refers_line = l.line), 0) AS credited
      FROM invoice_line l WHERE l.number = :number ORDER BY l.line
      """;

  private static final String TAX =
      """
      INSERT INTO invoice_tax (number, category, percent, base, tax, components)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String PIN =
      "INSERT INTO invoice_pin (subscription_id, span, inputs) VALUES (?, ?, ?)";

  private InvoiceRows() {}

  /** What a document has beside its content. */
  record Stamp(
      SeriesRows.SeriesPlace place,
      String seller,
      String customer,
      int revision,
      Pinned pinned,
      String currency,
      String actor) {}

  static void pin(Together changes, Span span, String inputs) {
    changes.add(PIN, span.subscription(), span.number(), inputs);
  }

  static Optional<String> inputs(Handle handle, UUID subscription, int span) {
    return handle
        .createQuery("SELECT inputs FROM invoice_pin WHERE subscription_id = :id AND span = :span")
        .bind("id", subscription)
        .bind("span", span)
        .map(ResultRow.to(row -> row.text("inputs")))
        .findFirst();
  }

  static void add(Together changes, Stamp stamp, Paper paper, String document) {
    Span span = stamp.pinned().span();
    BillSums sums = paper.sums();
    changes.add(
        INSERT,
        stamp.place().text(),
        paper.kind(),
        paper.original() == null ? null : paper.original().number(),
        stamp.seller(),
        stamp.customer(),
        span.subscription(),
        span.number(),
        stamp.revision(),
        stamp.place().series(),
        stamp.place().number(),
        stamp.place().date(),
        span.from(),
        span.to(),
        stamp.currency(),
        stamp.pinned().cut(),
        sums.net().amount(),
        sums.discount().amount(),
        sums.taxable().amount(),
        sums.tax().amount(),
        sums.total().amount(),
        sums.prepaid().amount(),
        sums.due().amount(),
        document,
        CanonicalJson.sha256(document),
        stamp.actor(),
        paper.lines().size());
    for (int i = 0; i < paper.lines().size(); i++) {
      line(changes, stamp, i + 1, paper.lines().get(i));
    }
    sums.groups().forEach(group -> tax(changes, stamp.place().text(), group));
  }

  private static void tax(Together changes, String number, TaxGroup group) {
    changes.add(
        TAX,
        number,
        group.rate().category(),
        group.rate().percent(),
        group.base().amount(),
        group.tax().amount(),
        TaxRateJson.column(group.rate(), group.parts()));
  }

  private static void line(Together changes, Stamp stamp, int number, Line line) {
    Reference refers = line.refers();
    changes.add(
        LINE,
        stamp.place().text(),
        number,
        stamp.pinned().span().subscription(),
        line.key().text(),
        line.kind().text(),
        line.net().amount(),
        line.discount().amount(),
        line.tax().category(),
        line.tax().percent(),
        refers == null ? null : refers.number(),
        refers == null ? null : refers.line(),
        TaxJson.column(line.grounds()),
        TaxRateJson.column(line.tax()));
  }

  /** The lines of a key on invoices, the latest first. */
  static List<Invoiced> invoiced(Handle handle, UUID subscription, LineKey key, String currency) {
    return handle
        .createQuery(INVOICED)
        .bind("subscription", subscription)
        .bind("key", key.text())
        .map(
            ResultRow.to(
                row ->
                    new Invoiced(
                        row.text("number"),
                        row.integer("line"),
                        Money.of(currency, row.decimal("remaining")),
                        Money.of(currency, row.decimal("settled")))))
        .list();
  }

  /** An invoice that is to be credited. */
  static Original original(Handle handle, String number) {
    Issued issued =
        find(handle, number)
            .orElseThrow(() -> new IllegalStateException("there is no invoice " + number));
    record Row(InvoiceLine line, Money discount, Money credited, @Nullable String grounds) {}
    List<Row> rows =
        handle
            .createQuery(LINES)
            .bind("number", number)
            .map(
                ResultRow.to(
                    row ->
                        new Row(
                            InvoiceLine.of(
                                Money.of(issued.currency(), row.decimal("net")),
                                TaxRateJson.ofColumns(
                                    row.text("tax_category"),
                                    row.decimal("tax_percent"),
                                    row.textOrNull("tax_components"))),
                            Money.of(issued.currency(), row.decimal("discount")),
                            Money.of(issued.currency(), row.decimal("credited")),
                            row.textOrNull("tax_grounds"))))
            .list();
    Map<Integer, TaxGrounds> grounds = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      String stored = rows.get(i).grounds();
      TaxGrounds read = stored == null ? null : TaxJson.grounds(CanonicalJson.stored(stored));
      if (read != null) {
        grounds.put(i, read);
      }
    }
    return new Original(
        number,
        issued.date(),
        rows.stream().map(Row::line).toList(),
        rows.stream().map(Row::discount).toList(),
        rows.stream().map(Row::credited).toList(),
        new TaxOfOriginal(
            grounds, TaxJson.rate(CanonicalJson.stored(issued.document()).path("accounting"))),
        inputs(handle, issued.subscription(), issued.span())
            .map(inputs -> PinJson.read(inputs).seller())
            .orElse(null));
  }

  /** The stored lines of a document. */
  static List<StoredLine> lines(Handle handle, String number) {
    return handle
        .createQuery(
            """
            SELECT key, kind, net, discount, tax_category, tax_percent, tax_grounds,
              tax_components, refers_to, refers_line
            FROM invoice_line WHERE number = :number ORDER BY line
            """)
        .bind("number", number)
        .map(
            ResultRow.to(
                row ->
                    new StoredLine(
                        row.text("key"),
                        row.text("kind"),
                        row.decimal("net"),
                        row.decimal("discount"),
                        row.text("tax_category"),
                        row.decimal("tax_percent"),
                        row.textOrNull("refers_to"),
                        row.textOrNull("refers_to") == null ? 0 : row.integer("refers_line"),
                        row.textOrNull("tax_grounds"),
                        row.textOrNull("tax_components"))))
        .list();
  }

  /**
   * A line as its row has it.
   *
   * @param refersLine 0 if it refers to no invoice
   * @param grounds of its tax, as JSON; null for none
   * @param components of its tax, as JSON; null for none
   */
  record StoredLine(
      String key,
      String kind,
      BigDecimal net,
      BigDecimal discount,
      String category,
      BigDecimal percent,
      @Nullable String refersTo,
      int refersLine,
      @Nullable String grounds,
      @Nullable String components) {}

  static Optional<Issued> find(Handle handle, String number) {
    return handle
        .createQuery(SELECT + "WHERE i.number = :number")
        .bind("number", number)
        .map(ResultRow.to(InvoiceRows::issued))
        .findFirst();
  }

  /** The latest first, below a position. */
  static List<Issued> page(Handle handle, @Nullable String customer, long below, int most) {
    Query query =
        customer == null
            ? handle.createQuery(
                SELECT + "WHERE position < :below ORDER BY position DESC LIMIT :most")
            : handle
                .createQuery(
                    SELECT
                        + "WHERE i.customer_id = :customer AND position < :below"
                        + " ORDER BY position DESC LIMIT :most")
                .bind("customer", customer);
    return query
        .bind("below", below)
        .bind("most", most)
        .map(ResultRow.to(InvoiceRows::issued))
        .list();
  }

  private static Issued issued(ResultRow row) {
    return new Issued(
        row.text("number"),
        row.number("position"),
        row.text("kind"),
        row.textOrNull("corrects"),
        row.text("seller_id"),
        row.text("customer_id"),
        row.uuid("subscription_id"),
        row.integer("span"),
        row.integer("revision"),
        LocalDate.parse(row.text("issue_date")),
        row.time("valid_from"),
        row.time("valid_to"),
        row.text("currency"),
        row.number("cut_no"),
        row.decimal("net"),
        row.decimal("discount"),
        row.decimal("taxable"),
        row.decimal("tax"),
        row.decimal("total"),
        row.decimal("prepaid"),
        row.decimal("due"),
        row.text("document"),
        row.text("sha256"),
        row.time("issued_at"),
        row.text("state"),
        row.decimal("paid"),
        row.decimal("open"));
  }
}
