package io.billingsdk.server.payments;

import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what is owed, on its day; also when a test clock has moved. A fault of one invoice
 * leaves the others alone.
 */
final class DunningJob implements Job, OutboxSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(DunningJob.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final LocalDate FIRST = LocalDate.of(1, 1, 1);
  private static final String SUBJECT = "customer/";
  private static final int BATCH = 500;

  private final Database database;
  private final InstantSource clock;
  private final Dunning dunning;

  DunningJob(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.dunning = new Dunning(database, clock);
  }

  @Override
  public String name() {
    return "payment-dunning";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    // The day in the zone that is the furthest ahead; each customer has its own.
    LocalDate latest = clock.instant().atZone(ZoneOffset.MAX).toLocalDate();
    List<Receivable> batch = toLook(latest, null);
    while (!batch.isEmpty() && !Thread.currentThread().isInterrupted()) {
      batch.forEach(this::look);
      batch = batch.size() < BATCH ? List.of() : toLook(latest, batch.get(BATCH - 1));
    }
  }

  private List<Receivable> toLook(LocalDate upTo, @Nullable Receivable after) {
    LocalDate day = after == null || after.nextOn() == null ? FIRST : after.nextOn();
    String number = after == null ? "" : after.number();
    return database.read(handle -> ReceivableRows.toLook(handle, upTo, day, number, BATCH));
  }

  @Override
  public Set<String> kinds() {
    return Set.of(CustomerClocks.MOVED);
  }

  @Override
  public void receive(DeliveredEvent event) {
    String customer = event.event().subject().substring(SUBJECT.length());
    database.read(handle -> ReceivableRows.open(handle, customer)).forEach(dunning::look);
  }

  private void look(Receivable owed) {
    try {
      dunning.look(owed);
    } catch (RuntimeException fault) {
      LOG.warn(
          "the reminder of invoice {} failed and is tried again: {}",
          owed.number(),
          fault.toString());
    }
  }
}
