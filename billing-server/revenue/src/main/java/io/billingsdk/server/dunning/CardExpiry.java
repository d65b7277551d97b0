package io.billingsdk.server.dunning;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.dunning.CardRows.Card;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Says once that a saved card expires within thirty days. */
final class CardExpiry implements Job {
  static final String EXPIRES = "payment_method.expires";

  private static final Actor TIME = new Actor("time");
  private static final int DAYS = 30;
  private static final int MOST = 1_000;

  private final Database database;
  private final InstantSource clock;

  CardExpiry(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "dunning-cards";
  }

  @Override
  public Duration every() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    LocalDate latest = clock.instant().atZone(ZoneOffset.MAX).toLocalDate().plusDays(DAYS);
    tell(database.read(handle -> CardRows.expiring(handle, null, latest, MOST)));
  }

  /** Looks at those of a customer, whose test clock has moved. */
  void lookAt(String customer) {
    tell(
        database.read(
            handle ->
                CardRows.expiring(handle, customer, today(handle, customer).plusDays(DAYS), MOST)));
  }

  private LocalDate today(Handle handle, String customer) {
    return new RetryCases(database, TIME).today(handle, customer);
  }

  private void tell(List<Card> cards) {
    for (Card each : cards) {
      database.useTransaction(handle -> tell(handle, each));
    }
  }

  private void tell(Handle handle, Card card) {
    LocalDate from = card.expiresOn().minusDays(DAYS);
    // By the day of its customer, whose test clock may be behind.
    if (today(handle, card.customer()).isBefore(from) || !CardRows.noticed(handle, card.id())) {
      return;
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("customerId", card.customer());
    shown.put("methodId", card.id());
    shown.put("brand", card.brand());
    shown.put("last4", card.last4());
    shown.put("expiresOn", card.expiresOn().toString());
    Outbox.add(handle, DomainEvent.of(EXPIRES, "customer/" + card.customer(), shown, TIME.name()));
  }
}
