package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.server.invoices.Bill.BillSums;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Writes documents as canonical JSON: the same document is the same bytes. */
final class PaperJson {
  /** Of the form of the documents. */
  static final String FORMAT = "billing-invoice/1";

  /**
   * What a document is called.
   *
   * @param number null for a draft
   * @param issued null for a draft
   */
  record Name(String kind, @Nullable String number, @Nullable LocalDate issued) {
    static final Name DRAFT = new Name("draft", null, null);
  }

  private PaperJson() {}

  static ObjectNode write(Name name, Subscription subscription, Pinned pinned, Paper paper) {
    ObjectNode node = CanonicalJson.object().put("format", FORMAT).put("kind", name.kind());
    if (name.number() != null && name.issued() != null) {
      node.put("number", name.number()).put("issueDate", name.issued().toString());
      if (paper.original() == null) {
        Party.due(name.issued(), pinned.seller(), pinned.customer())
            .ifPresent(day -> node.put("dueDate", day.toString()));
      }
    }
    node.put("currency", subscription.currency());
    node.set("seller", seller(pinned, paper));
    node.set("customer", pinned.customer());
    node.put("subscription", subscription.id().toString());
    node.putObject("period")
        .put("from", pinned.span().from().toString())
        .put("to", pinned.span().to().toString());
    if (paper.original() != null) {
      node.putObject("corrects")
          .put("number", paper.original().number())
          .put("issueDate", paper.original().issued().toString());
    }
    if (paper.order() != null) {
      node.put("reason", paper.order().reason());
    }
    ArrayNode lines = node.putArray("lines");
    for (Line line : paper.lines()) {
      line(lines.addObject().put("line", lines.size()), subscription, line);
    }
    CreditJson.allowances(node.putArray("allowances"), paper);
    taxes(node.putArray("taxes"), paper);
    totals(node.putObject("totals"), paper.sums());
    AccountingRate rate =
        paper.original() == null ? pinned.tax().accounting() : paper.original().tax().accounting();
    TaxJson.accounting(node, paper.sums(), rate);
    if (!paper.deductions().payments().isEmpty()) {
      CreditJson.payments(node.putArray("payments"), paper.deductions().payments());
    }
    pins(node.putObject("pinned"), pinned, paper);
    return node;
  }

  /** Of a credit note that of its invoice. */
  static ObjectNode seller(Pinned pinned, Paper paper) {
    @Nullable Original original = paper.original();
    @Nullable ObjectNode before = original == null ? null : original.seller();
    return before == null ? pinned.seller() : before;
  }

  private static void line(ObjectNode node, Subscription subscription, Line line) {
    node.put("kind", line.kind().text())
        .put("key", line.key().text())
        .put("plan", line.plan())
        .put("version", line.version())
        .put("planDigest", planDigest(subscription, line))
        .put("charge", line.charge())
        .put("name", line.name())
        .put("from", line.from().toString())
        .put("to", line.to().toString())
        .put("share", line.share() == null ? null : line.share().toString());
    Reference refers = line.refers();
    if (refers != null) {
      node.putObject("corrects").put("number", refers.number()).put("line", refers.line());
    }
    if (line.detail() != null) {
      node.set("detail", line.detail());
    }
    node.put("net", DetailJson.amount(line.net()))
        .put("discount", DetailJson.amount(line.discount()));
    TaxJson.grounds(TaxRateJson.write(node.putObject("tax"), line.tax()), line.grounds());
  }

  private static String planDigest(Subscription subscription, Line line) {
    return subscription.segments().stream()
        .map(Segment::plan)
        .filter(plan -> plan.plan().equals(line.plan()) && plan.version() == line.version())
        .map(plan -> plan.digest())
        .findFirst()
        .orElse("");
  }

  private static void taxes(ArrayNode taxes, Paper paper) {
    for (TaxGroup group : paper.sums().groups()) {
      ObjectNode node =
          TaxRateJson.write(taxes.addObject(), group.rate(), group.parts())
              .put("base", DetailJson.amount(group.base()))
              .put("tax", DetailJson.amount(group.tax()));
      TaxJson.reason(node, group, paper);
    }
  }

  private static void totals(ObjectNode node, BillSums sums) {
    node.put("net", DetailJson.amount(sums.net()))
        .put("discount", DetailJson.amount(sums.discount()))
        .put("taxable", DetailJson.amount(sums.taxable()))
        .put("tax", DetailJson.amount(sums.tax()))
        .put("total", DetailJson.amount(sums.total()))
        .put("prepaid", DetailJson.amount(sums.prepaid()))
        .put("due", DetailJson.amount(sums.due()));
  }

  private static void pins(ObjectNode node, Pinned pinned, Paper paper) {
    node.put("ratingVersion", pinned.ratingVersion());
    if (pinned.cut() != MeterQuery.NOW) {
      node.put("cut", pinned.cut());
    }
    node.put("streamsComplete", pinned.isComplete());
    node.putObject("events")
        .put("after", pinned.span().afterEvent())
        .put("last", pinned.span().lastEvent());
    node.set("apps", PinJson.apps(pinned.apps()));
    // A credit note has no part in them.
    if (paper.original() == null && !pinned.credits().isEmpty()) {
      node.set("credits", CreditJson.state(pinned.credits()));
    }
  }
}
