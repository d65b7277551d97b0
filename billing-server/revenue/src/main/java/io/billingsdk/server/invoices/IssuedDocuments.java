package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Issued invoices and credit notes, for features that make something of them. Thread-safe. */
public final class IssuedDocuments {
  private static final int PAGE = 500;

  private final Database database;

  /** In a database. */
  public IssuedDocuments(Database database) {
    this.database = database;
  }

  /**
   * Which documents are meant.
   *
   * @param from the first issue date
   * @param to the issue date after the last
   * @param customer of this customer alone; null for all
   * @param seller of this seller alone; null for all
   * @param ofTestClocks those of customers with test clocks, which are no part of the books;
   *     otherwise all the others
   */
  public record Selection(
      LocalDate from,
      LocalDate to,
      @Nullable String customer,
      @Nullable String seller,
      boolean ofTestClocks) {}

  /**
   * What documents of a month come to.
   *
   * @param month of the issue dates, as 2026-11
   * @param isInvoice of invoices; otherwise of the documents that take something back
   * @param net after discounts, without tax
   */
  public record DocumentSums(
      String month,
      String seller,
      String currency,
      boolean isInvoice,
      long documents,
      BigDecimal net,
      BigDecimal tax) {}

  /**
   * What the documents of a customer in a month come to: invoices, less what others take back.
   *
   * @param month of the issue dates, as 2026-11
   * @param net after discounts, without tax
   */
  public record CustomerMonth(
      String customer,
      String month,
      String currency,
      long documents,
      BigDecimal net,
      BigDecimal tax) {}

  /**
   * A document.
   *
   * @param position in the order of issue
   * @param document canonical JSON
   */
  public record IssuedDocument(
      long position, String number, boolean isInvoice, LocalDate issued, String document) {}

  /**
   * A document, by its number.
   *
   * @param document canonical JSON
   */
  public record IssuedPaper(String number, String seller, String customer, String document) {}

  /** Empty when there is none. */
  public Optional<IssuedPaper> find(String number) {
    return database
        .read(handle -> InvoiceRows.find(handle, number))
        .map(
            each ->
                new IssuedPaper(each.number(), each.seller(), each.customer(), each.document()));
  }

  /** The sums of each month, seller and currency, in their order. */
  public List<DocumentSums> sums(Selection selection) {
    return database.read(handle -> DocumentRows.sums(handle, selection));
  }

  /**
   * The sums of each customer, month and currency, in their order.
   *
   * @param after only customers whose ids follow this one; empty for all
   * @param upTo only customers up to this id; null for all
   */
  public List<CustomerMonth> customerMonths(
      Selection selection, String after, @Nullable String upTo) {
    return database.read(handle -> DocumentRows.customerMonths(handle, selection, after, upTo));
  }

  /**
   * Documents in the order of their issue.
   *
   * @param first the lowest position
   * @param most so many at most
   */
  public List<IssuedDocument> from(Selection selection, long first, int most) {
    return database.read(handle -> DocumentRows.page(handle, selection, first, most));
  }

  /**
   * Hands over each document of a seller as JSON, in the order of issue.
   *
   * @param from the first day of issue
   * @param to the day after the last one
   * @param withTests also those of customers with test clocks
   */
  public void forEach(
      String seller, LocalDate from, LocalDate to, boolean withTests, Consumer<JsonNode> taker) {
    long last = 0;
    List<IssuedDocument> page = ofSeller(seller, from, to, withTests, last);
    while (!page.isEmpty()) {
      page.forEach(each -> taker.accept(CanonicalJson.stored(each.document())));
      last = page.get(page.size() - 1).position();
      page = ofSeller(seller, from, to, withTests, last);
    }
  }

  private List<IssuedDocument> ofSeller(
      String seller, LocalDate from, LocalDate to, boolean withTests, long after) {
    return database.read(
        handle -> DocumentRows.ofSeller(handle, seller, from, to, withTests, after, PAGE));
  }
}
