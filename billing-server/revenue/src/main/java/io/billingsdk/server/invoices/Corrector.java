package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Together;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.InvoiceRows.Stamp;
import io.billingsdk.server.invoices.PaperJson.Name;
import io.billingsdk.server.invoices.SeriesRows.SeriesPlace;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jdbi.v3.core.Handle;

/** Issues the document of a correction, in the series of the invoice that it corrects. */
final class Corrector {
  private final Database database;
  private final Actor actor;

  Corrector(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** The number of the document. */
  String issue(Handle handle, Issued invoice, Correction correction, Paper paper) {
    Database here = database.within(handle);
    Pinned pinned =
        PinJson.read(
            InvoiceRows.inputs(handle, invoice.subscription(), invoice.span())
                .orElseThrow(
                    () -> new IllegalStateException("nothing is pinned for " + invoice.number())));
    Subscription subscription = Bills.subscriptions(here).require(invoice.subscription());
    boolean isWhole = correction.original().credited().stream().allMatch(c -> c.signum() == 0);
    SeriesPlace place = place(handle, invoice, pinned);
    String document =
        PaperJson.write(
                new Name(paper.kind(), place.text(), place.date()), subscription, pinned, paper)
            .toString();
    Stamp stamp =
        new Stamp(
            place,
            invoice.seller(),
            invoice.customer(),
            CorrectionRows.nextRevision(handle, invoice, paper.kind()),
            pinned,
            invoice.currency(),
            actor.name());
    Together changes = new Together();
    InvoiceRows.add(changes, stamp, paper, document);
    changes.execute(handle);
    CorrectionRows.add(handle, place.text(), CorrectionJson.write(correction));
    InvoiceStates states = new InvoiceStates(here, actor);
    if (correction.order().isVoid()) {
      states.cancel(invoice.number(), paper.sums().total(), place.text(), isWhole);
    } else {
      states.credit(invoice.number(), paper.sums().total(), place.text());
    }
    Together notice = new Together();
    IssueNotice.tell(notice, actor, stamp, paper);
    notice.execute(handle);
    return place.text();
  }

  private SeriesPlace place(Handle handle, Issued invoice, Pinned pinned) {
    Database here = database.within(handle);
    CustomerClocks clocks = new CustomerClocks(here);
    ZoneId zone = new Sellers(here, actor).require(invoice.seller()).zone();
    LocalDate today = clocks.now(invoice.customer()).atZone(zone).toLocalDate();
    boolean isTest = clocks.testClock(invoice.customer()).isPresent();
    String series = SeriesRows.of(pinned, invoice.seller(), invoice.customer(), isTest);
    return SeriesRows.next(handle, series, today).orElseThrow(InvoiceNumbering::suspended);
  }
}
