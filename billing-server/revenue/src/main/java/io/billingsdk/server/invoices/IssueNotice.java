package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Together;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.InvoiceRows.Stamp;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says that a document is issued: in the audit log, and as an event. */
final class IssueNotice {
  /** Events that say so. Their subject is {@code customer/ID}. */
  static final String ISSUED = "invoice.issued";

  private IssueNotice() {}

  static void tell(Together changes, Actor actor, Stamp stamp, Paper paper) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("number", stamp.place().text());
    shown.put("kind", paper.kind());
    shown.put("customerId", stamp.customer());
    shown.put("sellerId", stamp.seller());
    shown.put("issuedOn", stamp.place().date().toString());
    shown.put("currency", stamp.currency());
    shown.put("taxable", DetailJson.amount(paper.sums().taxable()));
    shown.put("tax", DetailJson.amount(paper.sums().tax()));
    shown.put("prepaid", DetailJson.amount(paper.sums().prepaid()));
    shown.put("total", DetailJson.amount(paper.sums().total()));
    shown.put("due", DetailJson.amount(paper.sums().due()));
    Party.due(stamp.place().date(), stamp.pinned().seller(), stamp.pinned().customer())
        .filter(day -> paper.original() == null)
        .ifPresent(day -> shown.put("dueOn", day.toString()));
    Optional.ofNullable(paper.original()).ifPresent(each -> shown.put("corrects", each.number()));
    Optional.ofNullable(paper.order()).ifPresent(each -> shown.put("reason", each.reason()));
    AuditLog.write(changes, actor, "invoice.issue", stamp.place().text(), null, shown);
    Outbox.add(
        changes, DomainEvent.of(ISSUED, "customer/" + stamp.customer(), shown, actor.name()));
  }
}
